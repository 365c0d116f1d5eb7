using Akka.Actor;

namespace Engine.Tests.Actor;

public class ActorSelectionTests : EngineTest
{
    private readonly IActorRef top;
    private readonly IActorRef left;
    private readonly IActorRef right;

    public ActorSelectionTests()
    {
        top = ActorOf(() => new Node(), "top");
        left = Make(top, "left-1");
        right = Make(top, "right-1");
    }

    [Theory]
    [InlineData("/user/top", "top")]
    [InlineData("/user/top/left-1", "left-1")]
    [InlineData("akka://test/user/top/right-1", "right-1")]
    [InlineData("/user/top/left-1/../right-1", "right-1")]
    [InlineData("/user/top/left-?", "left-1")]
    [InlineData("/user/*/right-*", "right-1")]
    public void Select_ByPath_Finds(string path, string name)
    {
        Sys.ActorSelection(path).Tell("who");

        ExpectMsg(name);
        ReceiveOne(Silence).ShouldBeNull();
    }

    [Fact]
    public void Select_Wildcard_ReachesAll()
    {
        Sys.ActorSelection("/user/top/*").Tell("who");

        ExpectMsgAllOf("left-1", "right-1");
    }

    [Fact]
    public void Select_RelativeToAnActor_Finds()
    {
        left.Tell(("../right-1", TestActor));
        ExpectMsg("right-1");
        top.Tell(("left-1", TestActor));
        ExpectMsg("left-1");
    }

    [Fact]
    public async Task ResolveOne_GivesTheReference_OrThrows()
    {
        (await Sys.ActorSelection(left.Path).ResolveOne(TimeSpan.FromSeconds(20))).ShouldBe(left);
        await Should.ThrowAsync<ActorNotFoundException>(Sys.ActorSelection("/user/nobody").ResolveOne(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public void Identify_OfNobody_IsAnsweredWithoutSubject()
    {
        Sys.ActorSelection("/user/nobody").Tell(new Identify(5));

        ExpectMsg<ActorIdentity>(identity => identity.MessageId.Equals(5) && identity.Subject is null);
    }

    [Fact]
    public void Select_Stopped_EndsInTheDeadLetters()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Akka.Event.DeadLetter));

        Sys.ActorSelection("/user/nobody").Tell("lost");

        ExpectMsg<Akka.Event.DeadLetter>(letter => letter.Message.Equals("lost"));
    }

    private static IActorRef Make(IActorRef parent, string name) =>
        parent.Ask<IActorRef>(name, TimeSpan.FromSeconds(20)).GetAwaiter().GetResult();

    private sealed class Node : ReceiveActor
    {
        public Node()
        {
            Receive<string>(text => text == "who", _ => Sender.Tell(Self.Path.Name));
            Receive<string>(name => Sender.Tell(Context.ActorOf(Props.Create(() => new Node()), name)));
            Receive<(string Path, IActorRef Asker)>(select => Context.ActorSelection(select.Path).Tell("who", select.Asker));
        }
    }
}
