using System.Xml;
using System.Xml.Linq;

namespace AkkaLb.Domain.Network;

/// <summary>Parses XML and turns whatever is wrong with it into one line with file and line.</summary>
internal static class XmlInput
{
    /// <summary>Elements inside each other; walking deeper ones would end the process.</summary>
    private const int MaximumDepth = 64;

    /// <exception cref="InvalidInputException">Not XML, with a document type, or too deep; the message names file and line.</exception>
    public static XElement Parse(string text, string fileName)
    {
        // No document type: entities that unfold to gigabytes, and files of others, come in through it.
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };
        try
        {
            using (var depth = XmlReader.Create(new StringReader(text), settings))
            {
                while (depth.Read())
                {
                    if (depth.Depth > MaximumDepth)
                    {
                        throw new InvalidInputException(
                            $"{fileName}, line {((IXmlLineInfo)depth).LineNumber}: expected at most {MaximumDepth} elements inside each "
                                + "other");
                    }
                }
            }

            using var reader = XmlReader.Create(new StringReader(text), settings);
            return XDocument.Load(reader, LoadOptions.SetLineInfo).Root!;
        }
        catch (XmlException e) when (text.Contains("<!DOCTYPE", StringComparison.OrdinalIgnoreCase) && e.LineNumber == 0)
        {
            throw new InvalidInputException($"{fileName}: expected XML without a document type (<!DOCTYPE), which is not read", e);
        }
        catch (XmlException e)
        {
            throw new InvalidInputException($"{fileName}, line {e.LineNumber}: not valid XML: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    public static int Line(XElement element) => ((IXmlLineInfo)element).LineNumber;
}
