using Disa.Emulator.Aws;

namespace Disa.Emulator;

/// <summary>A running emulator and what its accounts share.</summary>
internal sealed class Session : IAsyncDisposable
{
    private readonly Lock gate = new();
    private TaskCompletionSource commit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool awaited;
    private long accounts = 100_000_000_000;

    public Session(LocalCloud cloud, LocalAwsOptions options)
    {
        Cloud = cloud;
        Options = options;
        Http = new InProcessClientFactory(cloud);
        cloud.Tell(Committed);
    }

    /// <summary>Hears of each commit, on the writer's thread.</summary>
    public Action? Told { get; set; }

    public LocalCloud Cloud { get; }

    public LocalAwsOptions Options { get; }

    public InProcessClientFactory Http { get; }

    public long NextAccount() => Interlocked.Increment(ref accounts);

    public async Task Settled(CancellationToken cancellation)
    {
        if (await Cloud.Clock.Settle(Options.Patience, cancellation).ConfigureAwait(false))
        {
            return;
        }

        var names = Cloud
            .Clock.InProgress.GroupBy(name => name)
            .Select(group => group.Count() == 1 ? group.Key : $"{group.Key} ({group.Count()} times)");
        throw new TimeoutException($"After {Options.Patience.TotalSeconds:0.#} s there is still in progress: {string.Join(", ", names)}.");
    }

    /// <summary>Completes when the condition holds, which is asked after each commit.</summary>
    /// <exception cref="TimeoutException">It does not, after <see cref="LocalAwsOptions.Patience"/>.</exception>
    public async Task<T> Until<T>(Func<Task<T?>> condition, string what, CancellationToken cancellation)
        where T : class
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var next = NextCommit();
            if (await condition().ConfigureAwait(false) is { } found)
            {
                return found;
            }

            var left = Options.Patience - TimeProvider.System.GetElapsedTime(began);
            try
            {
                await next.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellation).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                throw new TimeoutException($"After {Options.Patience.TotalSeconds:0.#} s {what} is still in progress.");
            }
        }
    }

    /// <summary>Runs the operation that the request is named after.</summary>
    public Task<TResponse> Call<TResponse>(string sdkName, object request, Caller caller, CancellationToken cancellation) =>
        Call<TResponse>(sdkName, request.GetType().Name[..^"Request".Length], request, caller, cancellation);

    /// <summary>Runs an operation as the account itself would, past faults and bills.</summary>
    /// <exception cref="LocalAwsException">It is refused.</exception>
    public async Task<TResponse> Call<TResponse>(
        string sdkName,
        string operationName,
        object request,
        Caller caller,
        CancellationToken cancellation
    )
    {
        var operation = Cloud.Services.Find(sdkName).Find(operationName);
        try
        {
            return (TResponse)await operation.Run(request, caller, cancellation).ConfigureAwait(false);
        }
        catch (AwsException refusal)
        {
            throw new LocalAwsException(refusal);
        }
    }

    public ValueTask DisposeAsync() => Cloud.DisposeAsync();

    private Task NextCommit()
    {
        lock (gate)
        {
            awaited = true;
            return commit.Task;
        }
    }

    /// <summary>On the writer's thread, after each commit.</summary>
    private void Committed()
    {
        Told?.Invoke();
        if (!awaited)
        {
            return;
        }

        TaskCompletionSource done;
        lock (gate)
        {
            done = commit;
            commit = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            awaited = false;
        }

        done.SetResult();
    }
}
