namespace AkkaLb.Domain.Network.Partitions;

/// <summary>Splits some links of a graph in two, with a given number in the first half.</summary>
/// <param name="neighbours">Of all links of the graph.</param>
/// <param name="links">Those to split.</param>
/// <param name="size">Of the first half.</param>
internal sealed class Bisection(int[][] neighbours, int[] links, int size)
{
    private const int Starts = 8, Passes = 8;

    private readonly bool[] _mine = Marks(neighbours.Length, links);

    /// <summary>Whether each link of the graph is in the first half.</summary>
    public bool[] Best()
    {
        bool[] best = [];
        int least = int.MaxValue;
        int starts = Math.Min(Starts, links.Length);
        for (int start = 0; start < starts; start++)
        {
            bool[] half = Grow(Farthest(links[(int)((long)start * links.Length / starts)]));
            for (int pass = 0; pass < Passes && Refine(half); pass++)
            {
            }
            int cut = Cut(half);
            if (cut < least)
            {
                (least, best) = (cut, half);
            }
        }
        return best;
    }

    /// <summary>A link at the edge: the last one that a search in breadth reaches.</summary>
    private int Farthest(int from)
    {
        Queue<int> queue = new([from]);
        HashSet<int> seen = [from];
        int last = from;
        while (queue.Count > 0)
        {
            last = queue.Dequeue();
            foreach (int next in neighbours[last])
            {
                if (_mine[next] && seen.Add(next))
                {
                    queue.Enqueue(next);
                }
            }
        }

        return last;
    }

    /// <summary>Takes link after link, always the one that has most neighbours within and fewest without.</summary>
    private bool[] Grow(int start)
    {
        bool[] half = new bool[neighbours.Length];
        PriorityQueue<int, (int, int)> edge = new();
        edge.Enqueue(start, (0, start));
        int next = 0;
        for (int taken = 0; taken < size;)
        {
            if (!edge.TryDequeue(out int link, out (int Gain, int) priority))
            {
                // Another component.
                while (half[links[next]])
                {
                    next++;
                }
                edge.Enqueue(links[next], (0, links[next]));
                continue;
            }
            if (half[link] || (priority.Gain != 0 && priority.Gain != -Gain(half, link)))
            {
                continue;
            }
            half[link] = true;
            taken++;
            foreach (int other in neighbours[link])
            {
                if (_mine[other] && !half[other])
                {
                    edge.Enqueue(other, (-Gain(half, other), other));
                }
            }
        }
        return half;
    }

    /// <summary>
    /// Moves every link once, in turns from either half and the best first, and keeps the prefix of moves with the least cut.
    /// </summary>
    /// <returns>Whether the cut has become less.</returns>
    private bool Refine(bool[] half)
    {
        bool[] moved = new bool[neighbours.Length];
        PriorityQueue<int, (int, int)>[] queues = [new(), new()];
        foreach (int link in links)
        {
            queues[half[link] ? 1 : 0].Enqueue(link, (-Gain(half, link), link));
        }
        List<int> moves = [];
        int gain = 0, best = 0, kept = 0;
        while (Next(1) is { } leaving)
        {
            gain += Move(leaving);
            if (Next(0) is not { } coming)
            {
                break;
            }
            gain += Move(coming);
            if (gain > best)
            {
                (best, kept) = (gain, moves.Count);
            }
        }
        foreach (int link in moves.Skip(kept))
        {
            half[link] = !half[link];
        }
        return best > 0;

        int? Next(int from)
        {
            while (queues[from].TryDequeue(out int link, out (int Gain, int) priority))
            {
                if (!moved[link] && half[link] == (from == 1) && priority.Gain == -Gain(half, link))
                {
                    return link;
                }
            }
            return null;
        }

        int Move(int link)
        {
            int won = Gain(half, link);
            half[link] = !half[link];
            moved[link] = true;
            moves.Add(link);
            foreach (int other in neighbours[link])
            {
                if (_mine[other] && !moved[other])
                {
                    queues[half[other] ? 1 : 0].Enqueue(other, (-Gain(half, other), other));
                }
            }
            return won;
        }
    }

    /// <summary>By how much the cut becomes less when a link changes its half.</summary>
    private int Gain(bool[] half, int link)
    {
        int gain = 0;
        foreach (int other in neighbours[link])
        {
            if (_mine[other])
            {
                gain += half[other] == half[link] ? -1 : 1;
            }
        }
        return gain;
    }

    private int Cut(bool[] half) => links.Sum(link => half[link] ? neighbours[link].Count(other => _mine[other] && !half[other]) : 0);

    private static bool[] Marks(int count, int[] links)
    {
        bool[] marks = new bool[count];
        foreach (int link in links)
        {
            marks[link] = true;
        }
        return marks;
    }
}
