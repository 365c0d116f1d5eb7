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
        formats.Add<MemberFailed>(
            "member-failed", 1, (w, m) => w.Write(m.Reason), r => new MemberFailed(r.ReadString()));
    }
}
