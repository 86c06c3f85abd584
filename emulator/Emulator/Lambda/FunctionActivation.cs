using Disa.Emulator.Aws;

namespace Disa.Emulator.Lambda;

/// <summary>Brings functions from Pending to Active, and updates from InProgress to Successful: unpacks the package, replaces the warm processes.</summary>
internal sealed class FunctionActivation(FunctionStore functions, FunctionCode code, SandboxPool pool, HostedFunctions hosted)
{
    private bool started;

    /// <summary>One round over everything that waits; also what a stop interrupted. The first round tries again what failed on this machine.</summary>
    public async ValueTask<DateTimeOffset?> Step(CancellationToken cancellation)
    {
        if (!started)
        {
            await TakeUpFailed().ConfigureAwait(false);
            started = true;
        }

        var waiting = functions
            .Functions.All()
            .Where(entry => IsWaiting(entry.Value.Latest) || entry.Value.Published.Any(IsWaiting))
            .ToList();
        foreach (var (scope, name, _) in waiting)
        {
            cancellation.ThrowIfCancellationRequested();
            await Activate(scope, name).ConfigureAwait(false);
        }

        return null;
    }

    /// <summary>Completes when the function can be invoked as it is configured now.</summary>
    public async Task Activate(Scope scope, string name)
    {
        if (functions.Functions.Get(scope, name) is not { } function)
        {
            return;
        }

        string? failure = null;
        try
        {
            if (hosted.Find(scope, name) is null)
            {
                code.Unpacked(scope.Account, function.Latest.CodeSha256, () => functions.Code(scope.Account, function.Latest.CodeSha256));
            }
        }
        catch (IOException problem)
        {
            failure = $"The package could not be unpacked: {problem.Message}";
        }

        await functions
            .Database.Write(transaction =>
            {
                if (functions.Functions.Get(transaction, scope, name) is { } current)
                {
                    functions.Put(
                        transaction,
                        scope,
                        current with
                        {
                            Latest = Done(current.Latest, function.Latest.Build, failure),
                            Published = [.. current.Published.Select(version => Done(version, version.Build, failure))],
                        }
                    );
                }
            })
            .ConfigureAwait(false);
        await pool.Replace(scope, name).ConfigureAwait(false);
    }

    /// <summary>What could not be unpacked may have failed for want of space, or by a stop: a start is a reason to try again.</summary>
    private async Task TakeUpFailed()
    {
        foreach (
            var (scope, name, _) in functions
                .Functions.All()
                .Where(entry => Failed(entry.Value.Latest) || entry.Value.Published.Any(Failed))
                .ToList()
        )
        {
            await functions
                .Database.Write(transaction =>
                {
                    if (functions.Functions.Get(transaction, scope, name) is { } current)
                    {
                        functions.Put(
                            transaction,
                            scope,
                            current with
                            {
                                Latest = Again(current.Latest),
                                Published = [.. current.Published.Select(Again)],
                            }
                        );
                    }
                })
                .ConfigureAwait(false);
        }
    }

    private static bool Failed(FunctionVersion version) =>
        version.StateReasonCode == "InternalError" && (version.State == "Failed" || version.LastUpdateStatus == "Failed");

    private static FunctionVersion Again(FunctionVersion version) =>
        Failed(version)
            ? version with
            {
                State = version.State == "Failed" ? "Pending" : version.State,
                LastUpdateStatus = "InProgress",
                StateReason = null,
                StateReasonCode = null,
            }
            : version;

    public static bool IsWaiting(FunctionVersion version) => version.State == "Pending" || version.LastUpdateStatus == "InProgress";

    /// <summary>A new state is a new revision too (recorded on AWS).</summary>
    private static FunctionVersion Done(FunctionVersion version, string? build, string? failure) =>
        version.Build != build || !IsWaiting(version) ? version
        : failure is null
            ? version with
            {
                State = "Active",
                StateReason = null,
                StateReasonCode = null,
                LastUpdateStatus = "Successful",
                RevisionId = FunctionStore.NewRevision(),
            }
        : version with
        {
            State = version.State == "Pending" ? "Failed" : version.State,
            StateReason = failure,
            StateReasonCode = "InternalError",
            LastUpdateStatus = "Failed",
        };
}
