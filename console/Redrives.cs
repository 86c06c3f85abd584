using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;

namespace Disa.WebConsole;

/// <summary>One redrive: a frozen set that was counted, and once it was confirmed, how far it is.</summary>
internal sealed class RedriveRun(IReadOnlyList<Dictionary<string, AttributeValue>> items)
{
    public IReadOnlyList<Dictionary<string, AttributeValue>> Items => items;

    public RedriveReport Report { get; set; } = Redrive.Count(items);

    /// <summary>counted, running, done or failed.</summary>
    public string State { get; set; } = "counted";

    /// <summary>How far it is, or why it failed.</summary>
    public string? Said { get; set; }
}

/// <summary>Redrives by a name that only their page knows. They run in this process: when it ends, they stop where they are, and what was made due stays due.</summary>
internal sealed class Redrives
{
    private const int Kept = 20;
    private readonly Lock gate = new();
    private readonly List<(string Name, RedriveRun Run)> runs = [];

    public string Add(RedriveRun run)
    {
        var name = RandomNumberGenerator.GetHexString(16, lowercase: true);
        lock (gate)
        {
            runs.Add((name, run));
            if (runs.Count > Kept)
            {
                runs.RemoveAt(0);
            }
        }

        return name;
    }

    public RedriveRun Find(string? name)
    {
        lock (gate)
        {
            return runs.FirstOrDefault(entry => entry.Name == name).Run
                ?? throw new FailureException("this redrive is no longer known; count again.");
        }
    }

    /// <summary>Begins it, once.</summary>
    public void Start(RedriveRun run, Redrive redrive, int rate, double stopAt)
    {
        lock (gate)
        {
            if (run.State != "counted")
            {
                return;
            }

            run.State = "running";
        }

        _ = Task.Run(() => Go(run, redrive, rate, stopAt));
    }

    [SuppressMessage("Design", "CA1031", Justification = "The loop of a background task: what it throws is shown on its page.")]
    private static async Task Go(RedriveRun run, Redrive redrive, int rate, double stopAt)
    {
        try
        {
            run.Report = run.Report with { Id = await redrive.Record(run.Report, CancellationToken.None).ConfigureAwait(false) };
            run.Report = await redrive
                .Run(run.Items, rate, stopAt, run.Report, said => run.Said = said, CancellationToken.None)
                .ConfigureAwait(false);
            run.State = "done";
            await redrive.Record(run.Report, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            (run.State, run.Said) = (
                "failed",
                failure is AmazonServiceException refused ? $"{refused.ErrorCode}: {refused.Message}" : failure.Message
            );
        }
    }
}
