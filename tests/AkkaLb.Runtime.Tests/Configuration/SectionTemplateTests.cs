using AkkaLb.Domain;
using AkkaLb.Hocon;
using AkkaLb.Runtime.Configuration;

namespace AkkaLb.Runtime.Tests.Configuration;

public class SectionTemplateTests
{
    private static readonly SectionTemplate Template = new(
        Config.Parse("""
            thing { size = 3, parts { "*" { length = 1, names = [a], inner { "*" { on = off } } } } }
            """).GetValue("thing")!,
        "thing");

    [Fact]
    public void Complete_NamedSections_HaveTheirDefaults()
    {
        Config config = Complete("""thing.parts { "x.y" { length = 2 }, z { inner.first {}, names = [b, c] } }""");
        config.GetLong("thing.size").ShouldBe(3);
        config.GetLong("""thing.parts."x.y".length""").ShouldBe(2);
        config.GetStringList("""thing.parts."x.y".names""").ShouldBe(["a"]);
        config.GetLong("thing.parts.z.length").ShouldBe(1);
        config.GetStringList("thing.parts.z.names").ShouldBe(["b", "c"]);
        config.GetBoolean("thing.parts.z.inner.first.on", true).ShouldBeFalse();
        config.GetValue("""thing.parts."x.y".inner""")!.GetObject().Items.ShouldBeEmpty();
    }

    [Fact]
    public void Complete_NothingWritten_IsTheDefaultsWithoutNames()
    {
        Config config = Complete("other = 1");
        config.GetLong("thing.size").ShouldBe(3);
        config.GetValue("thing.parts")!.GetObject().Items.ShouldBeEmpty();
        config.GetValue("other").ShouldBeNull();
    }

    [Theory]
    [InlineData("thing.siez = 1", "test.conf: unknown key 'thing.siez'; did you mean 'thing.size'?")]
    [InlineData("thing.parts.a.lenght = 1", "test.conf: unknown key 'thing.parts.a.lenght'; did you mean 'thing.parts.a.length'?")]
    [InlineData("thing.parts = 1", "test.conf: 'thing.parts' is a section, found a value; expected names, each with a section")]
    [InlineData("thing = 1", "test.conf: 'thing' is a section, found a value; expected keys size, parts")]
    [InlineData("thing.size.a = 1", "test.conf: 'thing.size' is a value, found a section")]
    public void Complete_SomethingElse_NamesKeyAndWhatWasExpected(string text, string problem) =>
        Should.Throw<InvalidInputException>(() => Complete(text)).Message.ShouldBe(problem);

    private static Config Complete(string text) => Template.Complete(Config.Parse(text), "test.conf");
}
