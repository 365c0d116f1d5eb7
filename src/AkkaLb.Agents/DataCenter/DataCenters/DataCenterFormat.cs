using System.Runtime.InteropServices;
using AkkaLb.Agents.Serialization;

namespace AkkaLb.Agents.DataCenter.DataCenters;

/// <summary>The formats of <see cref="DataCenterEvents"/>.</summary>
internal static class DataCenterFormat
{
    public static void AddMessages(BinaryFormats formats) => formats.Add<DataCenterEvents.EventHandled>(
        "data-centre.event-handled", 1,
        (w, m) =>
        {
            w.WriteList(m.Next, formats.WriteWithManifest);
            w.Write7BitEncodedInt(m.Completed);
            w.Write7BitEncodedInt(m.Stages);
        },
        r => new(
            ImmutableCollectionsMarshal.AsImmutableArray(r.ReadList(formats.ReadWithManifest<ITimedMessage>, 1)), r.Read7BitEncodedInt(),
            r.Read7BitEncodedInt()));
}
