using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;

namespace Disa.Functions;

/// <summary>Starts the workflow for keys: few executions, each with a name that the same keys would get again.</summary>
/// <remarks>Natural key: the execution's name. An execution of that name that exists already is the one that was asked for.</remarks>
public sealed class Workflow(AmazonStepFunctionsClient client, string stateMachineArn, Log log)
{
    /// <summary>Keys of one execution; its Map states then stay far below the 25,000 events of a history.</summary>
    public const int MaxKeys = 100;

    /// <summary>Bytes of keys of one execution; the limit of an input is 262,144, and the states add to it.</summary>
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

    /// <param name="prefix">The start of the name: letters, digits and "-", at most 39 characters.</param>
    /// <param name="identity">What makes this batch this batch, one line for each key.</param>
    /// <param name="keys">The items' keys.</param>
    /// <param name="source">What asked for it, for people who read the execution.</param>
    /// <param name="force">Whether times that are not due yet are ignored.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>Whether a new execution was started; false when it existed.</returns>
    public async Task<bool> StartAsync(
        string prefix, IEnumerable<string> identity, IReadOnlyList<ItemKey> keys, string source, bool force, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', identity))))[..40];
        var name = $"{prefix}-{hash}";
        try
        {
            await client.StartExecutionAsync(new() { StateMachineArn = stateMachineArn, Name = name, Input = Input(keys, source, force) }, cancellation).ConfigureAwait(false);
            log.Write("info", "Started the workflow.", ("execution", name), ("ids", string.Join(' ', keys.Select(key => key.Id))));
            return true;
        }
        catch (ExecutionAlreadyExistsException)
        {
            log.Write("info", "The workflow was started before for these keys.", ("execution", name), ("ids", string.Join(' ', keys.Select(key => key.Id))));
            return false;
        }
    }

    private static string Input(IReadOnlyList<ItemKey> keys, string source, bool force)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("source", source);
            writer.WriteBoolean("force", force);
            writer.WriteStartArray("keys");
            foreach (var key in keys)
            {
                key.Json.WriteTo(writer);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
