using AkkaLb.Agents.Serialization;

namespace AkkaLb.Agents.Plays.Members;

/// <summary>The formats of what members of plays and their parents say to each other.</summary>
internal static class MemberFormat
{
    public static void AddMessages(BinaryFormats formats)
    {
        formats.Add<ToMember>(
            "member", 1,
            (w, m) =>
            {
                w.Write(m.Run);
                w.Write(m.Member);
                w.Write7BitEncodedInt64(m.Attempt);
                formats.WriteWithManifest(w, m.Content);
            },
            r => new ToMember(r.ReadString(), r.ReadString(), r.Read7BitEncodedInt64(), formats.ReadWithManifest<IMessage>(r)));
        formats.Add<BeginMember>(
            "member-begin", 1, (w, m) => formats.WriteWithManifest(w, m.Plan),
            r => new BeginMember(formats.ReadWithManifest<IMemberPlan>(r)));
        formats.Add<EndMember>("member-end", 1, (_, _) => { }, _ => EndMember.Instance);
        formats.Add<MemberBegun>(
            "member-begun", 1, (w, m) => w.Write(m.Member), r => new MemberBegun(r.ReadString()));
        formats.Add<SendPolicy>("member-send-policy", 1, (w, m) => w.WriteKey(m.Policy), r => new SendPolicy(r.ReadKey()));
        formats.Add<Parcel>(
            "member-parcel", 1,
            (w, m) =>
            {
                w.WriteKey(m.Key);
                w.Write7BitEncodedInt(m.Part);
                w.Write7BitEncodedInt(m.Parts);
                w.WriteBytes(m.Bytes);
            },
            r => new Parcel(r.ReadKey(), r.Read7BitEncodedInt(), r.Read7BitEncodedInt(), r.ReadByteList()));
        formats.Add<MemberFailed>(
            "member-failed", 1, (w, m) => w.Write(m.Reason), r => new MemberFailed(r.ReadString()));
    }

    public static void WriteKey(this BinaryWriter writer, ParcelKey key)
    {
        writer.Write(key.Name);
        writer.Write(key.Sha256);
    }

    public static ParcelKey ReadKey(this BinaryReader reader) => new(reader.ReadString(), reader.ReadString());
}
