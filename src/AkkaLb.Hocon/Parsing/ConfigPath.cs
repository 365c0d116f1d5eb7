using System.Text;

namespace AkkaLb.Hocon.Parsing;

/// <summary>Paths such as <c>akka.actor."my.key"</c>: dots separate, quotes protect them.</summary>
internal static class ConfigPath
{
    public static string[] Split(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!path.Contains('"'))
        {
            return path.Split('.');
        }
        List<string> segments = [];
        StringBuilder segment = new();
        bool quoted = false;
        foreach (char c in path)
        {
            if (c == '"')
            {
                quoted = !quoted;
            }
            else if (c == '.' && !quoted)
            {
                segments.Add(segment.ToString());
                segment.Clear();
            }
            else
            {
                segment.Append(c);
            }
        }
        if (quoted)
        {
            throw new HoconException($"path '{path}': expected a closing '\"'");
        }
        segments.Add(segment.ToString());
        return [.. segments];
    }

    public static string Join(IEnumerable<string> segments) => string.Join('.', segments.Select(HoconWriter.Key));
}
