using System.Diagnostics.CodeAnalysis;

namespace Disa.Emulator.Store;

/// <summary>A write that waits for its commit.</summary>
internal abstract class PendingWrite
{
    public abstract bool Run(Transaction transaction);

    public abstract Exception? Thrown { get; }

    public abstract void Complete();

    public abstract void Fail(Exception failure);
}

/// <summary>A write with the result that its caller waits for.</summary>
internal sealed class PendingWrite<T>(Func<Transaction, T> action) : PendingWrite
{
    private readonly TaskCompletionSource<T> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T result = default!;
    private Exception? thrown;

    public Task<T> Task => completion.Task;

    public override Exception? Thrown => thrown;

    [SuppressMessage("Design", "CA1031", Justification = "The exception is the caller's; it is rethrown there.")]
    public override bool Run(Transaction transaction)
    {
        try
        {
            result = action(transaction);
            return true;
        }
        catch (Exception failure)
        {
            thrown = failure;
            return false;
        }
    }

    public override void Complete()
    {
        if (thrown is null)
        {
            completion.SetResult(result);
        }
        else
        {
            completion.SetException(thrown);
        }
    }

    public override void Fail(Exception failure) => completion.TrySetException(failure);
}
