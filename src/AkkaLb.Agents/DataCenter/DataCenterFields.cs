using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Policies;
using AkkaLb.Domain.DataCenter.Simulation;
using AkkaLb.Domain.DataCenter.Traffic;

namespace AkkaLb.Agents.DataCenter;

/// <summary>Fields that the data centre's formats have in common. Times are ticks, 7-bit encoded.</summary>
internal static class DataCenterFields
{
    // Of a job's byte of failure, and of the byte that says how a job ended.
    private const int TimedOut = 1, Returned = 2, RetriesShift = 2, Rejected = 1, Lost = 2;

    extension(BinaryWriter writer)
    {
        public void WriteServer(ServerId server) => writer.Write7BitEncodedInt(server.Index);

        public void WriteLoadBalancer(LoadBalancerId loadBalancer) => writer.Write7BitEncodedInt(loadBalancer.Index);

        public void WriteTicks(long ticks) => writer.Write7BitEncodedInt64(ticks);

        /// <summary>All of a job; of its work the stages that it has.</summary>
        public void WriteJob(in Job job)
        {
            writer.Write7BitEncodedInt64(job.Number);
            writer.WriteTicks(job.Created);
            writer.WriteTicks(job.Opened);
            writer.WriteTicks(job.Started);
            writer.WriteTicks(job.LaterProcessor);
            writer.WriteTicks(job.LaterDisk);
            writer.Write7BitEncodedInt(job.ToLoadBalancer);
            writer.Write7BitEncodedInt(job.ToServer);
            writer.Write7BitEncodedInt(job.ToClient);
            writer.Write7BitEncodedInt(job.ToClose);
            writer.Write(job.Hash);
            writer.Write7BitEncodedInt(job.LoadBalancer);
            writer.Write7BitEncodedInt(job.Server);
            writer.Write7BitEncodedInt(job.Flow);
            writer.Write7BitEncodedInt(job.Found);
            writer.Write(job.Class);
            writer.Write(job.Stage);
            writer.Write(job.Rejected);
            writer.Write((byte)((job.TimedOut ? TimedOut : 0) | (job.Returned ? Returned : 0) | (job.Retries << RetriesShift)));
            writer.Write(job.Stages);
            for (int s = 0; s < job.Stages; s++)
            {
                writer.WriteTicks(job.Work[s]);
            }
        }

        public void WriteRecord(JobRecord record)
        {
            writer.WriteTicks(record.Created);
            writer.WriteTicks(record.Completion);
            writer.Write7BitEncodedInt(record.Server);
            writer.Write(record.Class);
            writer.Write((byte)((record.Rejected ? Rejected : 0) | (record.Lost ? Lost : 0)));
        }

        public void WriteReply(ProbeReply reply)
        {
            writer.Write7BitEncodedInt(reply.Busy);
            writer.Write7BitEncodedInt(reply.Present);
            writer.Write(reply.Latency);
            writer.Write(reply.ProcessorUse);
        }
    }

    extension(BinaryReader reader)
    {
        public ServerId ReadServer() => new(reader.Read7BitEncodedInt());

        public LoadBalancerId ReadLoadBalancer() => new(reader.Read7BitEncodedInt());

        public long ReadTicks() => reader.Read7BitEncodedInt64();

        public Job ReadJob()
        {
            byte failure;
            Job job = new()
            {
                Number = reader.Read7BitEncodedInt64(),
                Created = reader.ReadTicks(),
                Opened = reader.ReadTicks(),
                Started = reader.ReadTicks(),
                LaterProcessor = reader.ReadTicks(),
                LaterDisk = reader.ReadTicks(),
                ToLoadBalancer = reader.Read7BitEncodedInt(),
                ToServer = reader.Read7BitEncodedInt(),
                ToClient = reader.Read7BitEncodedInt(),
                ToClose = reader.Read7BitEncodedInt(),
                Hash = reader.ReadUInt32(),
                LoadBalancer = reader.Read7BitEncodedInt(),
                Server = reader.Read7BitEncodedInt(),
                Flow = reader.Read7BitEncodedInt(),
                Found = reader.Read7BitEncodedInt(),
                Class = reader.ReadByte(),
                Stage = reader.ReadByte(),
                Rejected = reader.ReadBoolean(),
                TimedOut = ((failure = reader.ReadByte()) & TimedOut) != 0,
                Returned = (failure & Returned) != 0,
                Retries = (byte)(failure >> RetriesShift),
                Stages = reader.ReadByte(),
            };
            if (job.Stages > Job.MostStages)
            {
                throw new FormatException($"{job.Stages} stages, expected at most {Job.MostStages}");
            }
            for (int s = 0; s < job.Stages; s++)
            {
                job.Work[s] = reader.ReadTicks();
            }
            return job;
        }

        public JobRecord ReadRecord()
        {
            (long created, long completion, int server, byte jobClass, byte end) =
                (reader.ReadTicks(), reader.ReadTicks(), reader.Read7BitEncodedInt(), reader.ReadByte(), reader.ReadByte());
            return new JobRecord(created, completion, server, jobClass, (end & Rejected) != 0) { Lost = (end & Lost) != 0 };
        }

        public ProbeReply ReadReply() =>
            new(reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt(), reader.ReadDouble(), reader.ReadDouble());
    }
}
