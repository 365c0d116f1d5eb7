using AkkaLb.Agents.Serialization;
using AkkaLb.Domain.Randomness;

namespace AkkaLb.Agents.Tests.Serialization;

/// <summary>What holds of the messages of every family.</summary>
/// <param name="family">Its namespace.</param>
public abstract class MessageFormatTest(string family) : Akka.TestKit.Xunit2.TestKit(WireBindings.Hocon)
{
    /// <summary>Nodes of another version read these bytes: they are never changed. A new version of a message gets another row.</summary>
    protected static void HasGoldenBytes(object message, string manifest, string bytes)
    {
        WireFormat.Formats.ManifestOf(message).ShouldBe(manifest);
        Convert.ToHexStringLower(WireFormat.Formats.Write(message)).ShouldBe(bytes);
        Structure.Of(WireFormat.Formats.Read(Convert.FromHexString(bytes), manifest)).ShouldBe(Structure.Of(message));
    }

    protected void AreAllThere(IEnumerable<object> golden)
    {
        Type[] types =
        [
            .. typeof(IMessage).Assembly.GetTypes().Where(type => type is { IsAbstract: false } && type.IsAssignableTo(typeof(IMessage))
                && type.FullName!.StartsWith(family, StringComparison.Ordinal)),
        ];
        golden.Select(message => message.GetType()).ShouldBe(types, ignoreOrder: true);
        WireSerializer.Unserialised(Sys).ShouldNotContain(type => types.Contains(type));
    }

    /// <summary>Messages come back as they were written, and no damaged bytes are more than an error.</summary>
    protected static void ComeBack(IEnumerable<object> messages, RandomStream damage)
    {
        foreach (object message in messages)
        {
            string manifest = WireFormat.Formats.ManifestOf(message);
            byte[] bytes = WireFormat.Formats.Write(message);
            object read = WireFormat.Formats.Read(bytes, manifest);
            read.ShouldBeOfType(message.GetType());
            Structure.Of(read).ShouldBe(Structure.Of(message));
            WireFormat.Formats.Write(read).ShouldBe(bytes);
            if (bytes.Length > 0)
            {
                Should.Throw<InvalidDataException>(() => WireFormat.Formats.Read(bytes[..damage.NextInt32(bytes.Length)], manifest));
            }
        }
    }
}
