using AkkaLb.Domain.Game;

namespace AkkaLb.Agents.Game;

/// <summary>Fields that the game's formats have in common.</summary>
internal static class GameFields
{
    extension(BinaryWriter writer)
    {
        public void WritePlayer(PlayerId player) => writer.Write7BitEncodedInt(player.Index);

        public void WriteServer(ServerId server) => writer.Write7BitEncodedInt(server.Index);

        public void WriteCounts(MessageCounts sent)
        {
            writer.Write7BitEncodedInt64(sent.Observations);
            writer.Write7BitEncodedInt64(sent.Placements);
            writer.Write7BitEncodedInt64(sent.Control);
        }
    }

    extension(BinaryReader reader)
    {
        public PlayerId ReadPlayer() => new(reader.Read7BitEncodedInt());

        public ServerId ReadServer() => new(reader.Read7BitEncodedInt());

        public MessageCounts ReadMessageCounts() =>
            new(reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64());
    }
}
