using System.Security.Cryptography;
using System.Text;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;

namespace Disa.Functions;

/// <summary>Starts the workflow for keys: few executions, each with a name that the same keys would get again.</summary>
/// <remarks>Natural key: the execution's name. An execution of that name that exists already is the one that was asked for.</remarks>
public sealed class Workflow(AmazonStepFunctionsClient client, string stateMachineArn, Log log)
{
    /// <summary>Keys of one execution; its Map states then stay far below the 25,000 events of a history.</summary>
    public const int MaxKeys = 100;

    /// <summary>Bytes of keys of one execution; the limit of an input is 262,144, and the states and 50 bytes for each key add to it.</summary>
    private const int MaxBytes = 160_000;

    /// <summary>Cuts entries, in their order, into the batches of one execution each.</summary>
    public static IEnumerable<IReadOnlyList<T>> Batches<T>(IEnumerable<T> entries, Func<T, ItemKey> key)
    {
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentNullException.ThrowIfNull(key);
        var batch = new List<T>();
        var bytes = 0;
        foreach (var entry in entries)
        {
            var size = Encoding.UTF8.GetByteCount(key(entry).Json.GetRawText());
            if (batch.Count == MaxKeys || (batch.Count > 0 && bytes + size > MaxBytes))
            {
                yield return batch;
                batch = [];
                bytes = 0;
            }

            batch.Add(entry);
            bytes += size;
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }

    /// <param name="name">Letters, digits and "-", at most 80.</param>
    /// <param name="batch">What to send.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>Whether a new execution was started; false when it existed.</returns>
    public async Task<bool> StartAsync(string name, WorkBatch batch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var ids = string.Join(' ', batch.Items.Select(item => item.Key.Id));
        try
        {
            await client
                .StartExecutionAsync(
                    new()
                    {
                        StateMachineArn = stateMachineArn,
                        Name = name,
                        Input = batch.ToJson(),
                    },
                    cancellation
                )
                .ConfigureAwait(false);
            log.Write("info", "Started the workflow.", ("execution", name), ("ids", ids));
            return true;
        }
        catch (ExecutionAlreadyExistsException)
        {
            log.Write("info", "The workflow was started before for these keys.", ("execution", name), ("ids", ids));
            return false;
        }
    }

    /// <summary>A name that the same batch would get again.</summary>
    /// <param name="prefix">At most 39 characters.</param>
    /// <param name="identity">What makes this batch this batch, one line for each item.</param>
    public static string Name(string prefix, IEnumerable<string> identity) =>
        $"{prefix}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', identity))))[..40]}";
}
