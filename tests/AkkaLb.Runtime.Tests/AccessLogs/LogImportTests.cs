using AkkaLb.Domain;
using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Traffic;
using AkkaLb.Runtime.AccessLogs;

namespace AkkaLb.Runtime.Tests.AccessLogs;

public class LogImportTests
{
    private const string Timed =
        "[10/Oct/2025:13:55:{0:00} +0000] \"GET {1} HTTP/1.1\" 200 2326 \"-\" \"curl/8.5 (x \\x22y\\x22)\" {2} {3}";

    private const long Ms = Ticks.PerMillisecond;

    private static ImportedTrace Read(string log, LogOptions? options = null) => LogImport.Read(log, "a.log", options ?? new LogOptions());

    private static string Line(int second, string path, string request, string upstream) =>
        "192.0.2.7 - - " + string.Format(System.Globalization.CultureInfo.InvariantCulture, Timed, second, path, request, upstream);

    [Fact]
    public void Nginx_CombinedWithTimes_ArrivalIsBeforeTheEndAndServiceIsTheUpstreams()
    {
        ImportedTrace trace = Read($"{Line(40, "/a", "2.500", "0.100")}\n{Line(41, "/b", "0.250", "0.200")}\n");

        trace.Format.ShouldBe("nginx, combined with request and upstream time");
        trace.Rows.ShouldBe([new TraceRow(0, 100 * Ms), new TraceRow(3250 * Ms, 200 * Ms)]);
        trace.Classes.ShouldBe([LogOptions.Only]);
        trace.OutOfOrder.ShouldBe(0);
        trace.Busy!.Value.ShouldBe(2 / 3.25 * 0.15, 1e-12);
    }

    [Fact]
    public void Nginx_WholeSeconds_AreSpreadEvenlyAndSaid()
    {
        ImportedTrace trace = Read(string.Join('\n', Enumerable.Range(0, 4).Select(_ => Line(40, "/", "0.000", "0.001"))));

        trace.Rows.Select(r => r.Time).ShouldBe([0, 250 * Ms, 500 * Ms, 750 * Ms]);
        trace.Notes.ShouldContain(note => note.StartsWith("times are of whole seconds", StringComparison.Ordinal));
    }

    [Fact]
    public void Nginx_PlainCombined_HasArrivalsWithoutWork()
    {
        const string line = "192.0.2.7 - bob [10/Oct/2025:13:55:36 +0200] \"GET / HTTP/1.1\" 200 2326 \"http://a/\" \"curl\"\n";
        ImportedTrace trace = Read(line + line.Replace(":36", ":39"));

        trace.Format.ShouldBe("nginx, combined");
        trace.HasWork.ShouldBeFalse();
        trace.Busy.ShouldBeNull();
        trace.Rows.ShouldBe([new TraceRow(0, TraceRow.Drawn), new TraceRow(3000 * Ms, TraceRow.Drawn)]);
        trace.Notes.ShouldContain("the log has no service times: an experiment draws them by its own law");
    }

    [Theory]
    [InlineData("$msec|$request_time|$upstream_response_time|$request_uri")]
    [InlineData("log_format fast '$msec|$request_time|'\n  '$upstream_response_time|$request_uri';")]
    [InlineData("${msec}|${request_time}|${upstream_response_time}|$request_uri")]
    public void Nginx_GivenFormat_IsRead(string format)
    {
        ImportedTrace trace = Read(
            "1760104540.250|0.050|0.040|/a\n1760104540.750|0.100|0.010, 0.080|/b\n1760104540.800|0.010|-|/c\nrubbish\n",
            new LogOptions { Format = format, Rules = [new ClassRule("a", "/a")] });

        trace.Rows.ShouldBe([new TraceRow(0, 40 * Ms), new TraceRow(450 * Ms, 80 * Ms, 1)]);
        trace.Classes.ShouldBe(["a", LogOptions.Others]);
        trace.Unreadable.ShouldBe(1);
        trace.Notes.ShouldContain("1 line cannot be read and is left out: line 4");
        trace.Notes.ShouldContain("1 request that no server answered is left out: line 3");
        trace.Notes.ShouldContain("1 request was tried at several servers: the last one's time counts: line 2");
    }

    [Fact]
    public void Nginx_JsonFormat_IsAFormatLikeAnother()
    {
        ImportedTrace trace = Read(
            "{\"t\":\"1760104540.000\",\"d\":0.5,\"uri\":\"/x\"}\n{\"t\":\"1760104541.000\",\"d\":0.25,\"uri\":\"/y\"}\n",
            new LogOptions { Format = """{"t":"$msec","d":$request_time,"uri":"$uri"}""" });

        trace.Rows.ShouldBe([new TraceRow(0, 500 * Ms), new TraceRow(1250 * Ms, 250 * Ms)]);
    }

    [Fact]
    public void Nginx_UsualKeysForTimes_AreRecognised()
    {
        const string line = "192.0.2.7 - - [10/Oct/2025:13:55:36 +0000] \"GET /a HTTP/1.1\" 200 5 \"-\" \"curl\" "
            + "rt=0.305 uct=\"0.000\" uht=\"0.300\" urt=\"0.300\"";
        Read(line).Rows.ShouldBe([new TraceRow(0, 300 * Ms)]);
    }

    [Fact]
    public void HaProxy_HttpLog_ArrivalIsWhenTheRequestWasWhole()
    {
        const string log = """
            Feb  6 12:14:14 localhost haproxy[14389]: 10.0.1.2:33317 [06/Feb/2025:12:14:14.655] http-in static/srv1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 {1wt.eu} {} "GET /index.html HTTP/1.1"
            Feb  6 12:14:15 localhost haproxy[14389]: 10.0.1.2:33318 [06/Feb/2025:12:14:14.700] http-in static/<NOSRV> -1/-1/-1/-1/109 503 212 - - SC-- 1/1/1/1/0 0/0 "GET /gone HTTP/1.1"
            Feb  6 12:14:15 localhost haproxy[14389]: [::1]:33319 [06/Feb/2025:12:14:15.000] http-in~ app/srv2 5/0/1/40/+46 200 2750 - - ---- 1/1/1/1/0 0/0 "GET http://a.example/wiki/x?y=1 HTTP/2.0"
            """;
        ImportedTrace trace = Read(log, new LogOptions { Rules = [new ClassRule("page", "/wiki/")] });

        trace.Format.ShouldBe("HAProxy, HTTP");
        trace.Rows.ShouldBe([new TraceRow(0, 69 * Ms), new TraceRow(340 * Ms, 40 * Ms, 1)]);
        trace.Classes.ShouldBe([LogOptions.Others, "page"]);
        trace.Notes.ShouldContain("1 request that no server answered is left out: line 2");
    }

    [Fact]
    public void Envoy_Json_ByTheKeysOfItsDocumentation()
    {
        const string log = """
            {"start_time":"2025-04-15T20:17:00.310Z","path":"/a","duration":12,"upstream_service_time":"10","response_code":200}
            {"start_time":"2025-04-15T20:17:01.310Z","path":"/b","duration":12,"upstream_service_time":null}
            {"start_time":"2025-04-15T20:17:02.310Z","path":"/c","duration":12,"x_envoy_upstream_service_time":7}
            """;
        ImportedTrace trace = Read(log);

        trace.Format.ShouldBe("Envoy, JSON");
        trace.Rows.ShouldBe([new TraceRow(0, 10 * Ms), new TraceRow(2000 * Ms, 7 * Ms)]);
    }

    [Fact]
    public void Csv_AnyHeader_ByNamesAndUnits()
    {
        ImportedTrace trace = Read(
            "id;begin;took;kind\n1;2025-01-01T00:00:00Z;5;big\n2;2025-01-01T00:00:01.5Z;1.5;\"small\"\n3;now;1;big\n",
            new LogOptions { Arrival = "begin", Service = "took", ServiceUnit = Ms, Class = "kind" });

        trace.Rows.ShouldBe([new TraceRow(0, 5 * Ms), new TraceRow(1500 * Ms, 1500 * Ms / 1000, 1)]);
        trace.Classes.ShouldBe(["big", "small"]);
        trace.Notes.ShouldContain("1 line cannot be read and is left out: line 4");
    }

    [Fact]
    public void Csv_DatesOfWholeSeconds_AreSpreadEvenlyAndSaid()
    {
        ImportedTrace trace = Read("seconds,service\n" + string.Concat(Enumerable.Repeat("2025-01-01T00:00:00Z,1\n", 4)));
        trace.Rows.Select(r => r.Time).ShouldBe([0, 250 * Ms, 500 * Ms, 750 * Ms]);
        trace.Notes.ShouldContain(note => note.StartsWith("times are of whole seconds", StringComparison.Ordinal));
        // Numbers may be a trace's own, whose bursts are meant.
        Read("seconds,service\n0,1\n0,1\n").Rows.Select(r => r.Time).ShouldBe([0, 0]);
    }

    /// <summary>A clock that was wrong once would leave nothing of what came after it.</summary>
    [Fact]
    public void OutOfOrder_MostRequestsBehindOne_IsRefusedByItsLine() =>
        Should.Throw<InvalidInputException>(() => Read("seconds,service\n0,1\n4000000000,1\n1,1\n2,1\n3,1\n")).Message
            .ShouldEndWith("line 3: expected times in order, found one that 3 of 5 requests are more than 60 s behind");

    [Fact]
    public void OutOfOrder_WithinTheBound_IsSortedAndCountedBeyondItIsLeftOut()
    {
        ImportedTrace trace = Read(
            "seconds,service\n10,1\n9,2\n12,3\n6.9,4\n11,5\n", new LogOptions { Reorder = 5 * Ticks.PerSecond });

        trace.Rows.Select(r => (r.Time / Ticks.PerSecond, r.Work / Ticks.PerSecond)).ShouldBe([(0, 2), (1, 1), (2, 5), (3, 3)]);
        trace.OutOfOrder.ShouldBe(2);
        trace.Notes.ShouldContain("2 of 5 requests were out of order, by at most 1 s, and were sorted");
        trace.Notes.ShouldContain("1 request is more than 5 s out of order and is left out: line 5");
    }

    [Fact]
    public void CutAndFiltered_AreSaid()
    {
        ImportedTrace trace = Read(
            "seconds,service,class\n0,1,/a\n1,1,/b\n2,1,/a\n3,1,/a\n4,1,/a\n",
            new LogOptions { From = Ticks.PerSecond, Until = 4 * Ticks.PerSecond, Rules = [new ClassRule("a", "/a")], OnlyNamed = true });

        trace.Rows.Select(r => r.Time / Ticks.PerSecond).ShouldBe([0, 1]);
        trace.Notes.ShouldContain("cut: 1 requests before 1 s and 1 from 4 s on");
        trace.Notes.ShouldContain("1 request is of no class and is left out: line 3");
    }

    [Fact]
    public void ToCsv_ReadAgain_GivesTheSameTrace()
    {
        ImportedTrace trace = Read(
            "seconds,service,class\n0.000000001,0.1,b\n7.123456789,0.000000003,a\n5,1,b\n",
            new LogOptions { Reorder = Ticks.PerSecond * 9 });
        ImportedTrace again = Read(trace.ToCsv());

        again.Rows.ShouldBe(trace.Rows);
        again.Classes.ShouldBe(trace.Classes);
        again.ToCsv().ShouldBe(trace.ToCsv());
    }

    [Theory]
    [InlineData("hello\nworld\n", "", "a.log, line 1: expected an access log of nginx")]
    [InlineData("", "", "a.log, line 1: expected an access log")]
    [InlineData("seconds,service\nx,1\ny,1\n5,1\n", "", "a.log, line 2: expected a row of as many fields")]
    [InlineData("seconds,service\n", "", "a.log: expected at least one request, found none")]
    [InlineData("seconds,service\n1,\"2\n3,4\n", "", "a.log, line ")]
    [InlineData("1 2\n", "$status $request_time", "a.log: expected a log_format with $msec, $time_iso8601 or $time_local")]
    [InlineData("seconds,service\n1,-2\n", "", "a.log, line 2: expected a row")]
    [InlineData("seconds,service\n1e300,2\n", "", "a.log, line 2: expected a row")]
    [InlineData("seconds,service\n1,2e9\n", "", "a.log, line 2: expected a row")]
    public void SomethingElse_NamesTheLine(string log, string format, string message) =>
        Should.Throw<InvalidInputException>(() => Read(log, new LogOptions { Format = format })).Message.ShouldStartWith(message);

    [Fact]
    public void TooManyClasses_AreRefused() => Should.Throw<InvalidInputException>(
            () => Read("seconds,class\n" + string.Concat(Enumerable.Range(0, 40).Select(k => $"{k},c{k}\n"))))
        .Message.ShouldContain("expected at most 32 classes, found 'c32'");
}
