using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;
using Disa.Emulator.Time;
using Disa.Jsonata;

namespace Disa.Emulator.CloudFormation.Deployment;

/// <summary>What was sent to a handle of a wait condition, by the unique id of each signal.</summary>
internal sealed record SignalsDocument(Dictionary<string, Signal> Received);

/// <param name="Reason">Why it failed, or whatever the sender says.</param>
/// <param name="Data">What the wait condition answers as its data.</param>
internal sealed record Signal(bool Succeeded, string? Reason, string? Data);

/// <summary>
/// The addresses that CloudFormation gives away for one JSON document to be PUT at each: on AWS presigned addresses in S3. Whoever has an
/// address may send, and nobody can make one up.
/// </summary>
internal sealed class Callbacks
{
    private const string Path = "cloudformation/callback/";
    private const string Kind = "cloudformation:handle";

    /// <summary>Of a document, in bytes.</summary>
    public const int Limit = 4096;

    private readonly EmulatorEndpoint endpoint;
    private readonly Tokens tokens;
    private readonly Database database;
    private readonly Shelf<SignalsDocument> signals;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<byte[]>> awaited = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TaskCompletionSource> changes = new(StringComparer.Ordinal);

    public Callbacks(Database database, EmulatorEndpoint endpoint, Tokens tokens)
    {
        (this.database, this.endpoint, this.tokens) = (database, endpoint, tokens);
        signals = new Shelf<SignalsDocument>(database, "cloudformation.signals", CloudFormationJson.Default.SignalsDocument);
        Endpoint = new AdminEndpoint("PUT", Path + "*", Take) { IsOpen = true };
    }

    public AdminEndpoint Endpoint { get; }

    /// <summary>An address for one answer, and the answer, which is waited for in this process only: what asks for it again after a restart gets another.</summary>
    public (string Url, Task<byte[]> Answer) Await(string id)
    {
        var waiting = awaited[id] = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        return (Url(id), waiting.Task);
    }

    public void Forget(string id) => awaited.TryRemove(id, out _);

    /// <summary>An address for signals, which outlives the process.</summary>
    public string Handle(Scope scope, string id) => Url(UrlSafe(tokens.Make(Kind, $"{scope.Account}|{scope.Region}|{id}")));

    /// <summary>The signals that a handle has received; null where it is not a handle.</summary>
    public SignalsDocument? Received(string handle) =>
        Read(handle) is { } place ? signals.Get(place.Scope, place.Id) ?? new SignalsDocument([]) : null;

    /// <summary>Completes with the next signal to a handle. Ask for it before looking at what is there.</summary>
    public Task Changed(string handle) =>
        changes.GetOrAdd(handle, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    private (Scope Scope, string Id)? Read(string handle)
    {
        var start = handle.IndexOf(Path, StringComparison.Ordinal);
        return start >= 0 && tokens.Read(Kind, Plain(handle[(start + Path.Length)..]))?.Split('|', 3) is [var account, var region, var id]
            ? (new Scope(account, region), id)
            : null;
    }

    private async Task<AdminResponse> Take(AdminRequest request, CancellationToken cancellation)
    {
        if (awaited.TryRemove(request.Rest, out var waiting))
        {
            waiting.TrySetResult(request.Body.ToArray());
            return new AdminResponse(default);
        }

        var handle = Url(request.Rest);
        if (Read(handle) is not { } place)
        {
            throw new AwsException("AccessDenied", "Request has expired", 403);
        }

        var (id, signal) = Parse(request.Body);
        await database
            .Write(transaction =>
            {
                var present = signals.Get(transaction, place.Scope, place.Id)?.Received ?? [];
                signals.Put(transaction, place.Scope, place.Id, new SignalsDocument(new(present) { [id] = signal }));
            })
            .ConfigureAwait(false);
        if (changes.TryRemove(handle, out var change))
        {
            change.TrySetResult();
        }

        return new AdminResponse(default);
    }

    /// <summary>Anything that is not a signal counts as a failed one.</summary>
    private static (string Id, Signal Signal) Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonInput.Document(body);
            var root = json.RootElement;
            string? Text(string name) => root.TryGetProperty(name, out var value) ? value.ToString() : null;
            return Text("Status") is "SUCCESS" or "FAILURE" && Text("UniqueId") is { Length: > 0 } id && body.Length <= Limit
                ? (id, new Signal(Text("Status") == "SUCCESS", Text("Reason"), Text("Data")))
                : ("", new Signal(false, "Invalid signal", null));
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            return ("", new Signal(false, "Invalid signal: " + Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, 100)]), null));
        }
    }

    private string Url(string token) => new Uri(endpoint.Uri, "/_disa/" + Path + token).ToString();

    private static string UrlSafe(string base64) => base64.Replace('+', '-').Replace('/', '_').Replace('=', '.');

    private static string Plain(string safe) => safe.Replace('-', '+').Replace('_', '/').Replace('.', '=');
}
