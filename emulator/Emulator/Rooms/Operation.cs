using System.Text.Json.Serialization.Metadata;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Rooms;

/// <summary>The output of an operation that answers nothing.</summary>
public sealed record NoOutput
{
    public static readonly NoOutput Value = new();
}

/// <summary>One operation of a service: its name is the only index, on every wire.</summary>
public abstract class Operation(string name, JsonTypeInfo request, JsonTypeInfo? response)
{
    public string Name { get; } = name;

    /// <summary>How requests are read: every wire turns its form into this record.</summary>
    public JsonTypeInfo Request { get; } = request;

    /// <summary>How answers are written; null where the operation answers nothing.</summary>
    public JsonTypeInfo? Response { get; } = response;

    /// <summary>For services with REST paths: how the request's parts map to the record's members.</summary>
    public RestBinding? Rest { get; init; }

    /// <summary>True for the few that AWS answers unsigned, such as the link in a confirmation mail.</summary>
    public bool Anonymous { get; init; }

    /// <summary>
    /// True for those that wait for something that may never come (a long poll): a clock that is being moved does not wait
    /// for them. They say themselves when they are busy.
    /// </summary>
    public bool Waits { get; init; }

    /// <summary>Of anonymous operations: the answer as a page, for a person who opens the link in a browser.</summary>
    public Func<object, string>? Page { get; init; }

    public abstract Task<object> Run(object request, Caller caller, CancellationToken cancellation);

    /// <summary>An operation that waits (for a commit, a function, another service).</summary>
    public static Operation Of<TRequest, TResponse>(
        string name,
        JsonTypeInfo<TRequest> request,
        JsonTypeInfo<TResponse> response,
        Func<TRequest, Caller, CancellationToken, Task<TResponse>> run,
        RestBinding? rest = null,
        bool anonymous = false,
        bool waits = false,
        Func<TResponse, string>? page = null
    )
        where TRequest : class
        where TResponse : class =>
        new Typed<TRequest, TResponse>(name, request, response, run)
        {
            Rest = rest,
            Anonymous = anonymous,
            Waits = waits,
            Page = page is null ? null : answer => page((TResponse)answer),
        };

    /// <summary>An operation that only reads.</summary>
    public static Operation Of<TRequest, TResponse>(
        string name,
        JsonTypeInfo<TRequest> request,
        JsonTypeInfo<TResponse> response,
        Func<TRequest, Caller, TResponse> run,
        RestBinding? rest = null,
        bool anonymous = false
    )
        where TRequest : class
        where TResponse : class =>
        new Typed<TRequest, TResponse>(name, request, response, (input, caller, _) => Task.FromResult(run(input, caller)))
        {
            Rest = rest,
            Anonymous = anonymous,
        };

    /// <summary>An operation that answers nothing.</summary>
    public static Operation Of<TRequest>(
        string name,
        JsonTypeInfo<TRequest> request,
        Func<TRequest, Caller, CancellationToken, Task> run,
        RestBinding? rest = null,
        bool anonymous = false,
        string? page = null
    )
        where TRequest : class =>
        new Typed<TRequest, NoOutput>(
            name,
            request,
            null,
            async (input, caller, cancellation) =>
            {
                await run(input, caller, cancellation).ConfigureAwait(false);
                return NoOutput.Value;
            }
        )
        {
            Rest = rest,
            Anonymous = anonymous,
            Page = page is null ? null : _ => page,
        };

    private sealed class Typed<TRequest, TResponse>(
        string name,
        JsonTypeInfo<TRequest> request,
        JsonTypeInfo<TResponse>? response,
        Func<TRequest, Caller, CancellationToken, Task<TResponse>> run
    ) : Operation(name, request, response)
        where TRequest : class
        where TResponse : class
    {
        public override async Task<object> Run(object request, Caller caller, CancellationToken cancellation) =>
            await run((TRequest)request, caller, cancellation).ConfigureAwait(false);
    }
}

/// <summary>How an operation's members travel in a REST request and answer; members that are not named travel in the JSON body.</summary>
/// <param name="method">The HTTP method.</param>
/// <param name="path">The path, with members in braces: <c>/2015-03-31/functions/{FunctionName}/invocations</c>; <c>{Key+}</c> takes the rest, slashes included.</param>
public sealed class RestBinding(string method, string path)
{
    public string Method { get; } = method;

    public string Path { get; } = path;

    internal string[] Segments { get; } = path.Trim('/').Split('/');

    /// <summary>A query parameter and its value that tell this operation from another of the same method and path.</summary>
    public (string Name, string Value)? Marker { get; init; }

    /// <summary>Member by query parameter.</summary>
    public IReadOnlyDictionary<string, string> Query { get; init; } = new Dictionary<string, string>();

    /// <summary>Member by request header.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Takes the body as it is, where it is the payload and not JSON members.</summary>
    public Action<object, ReadOnlyMemory<byte>>? SetPayload { get; init; }

    /// <summary>The answer's body as it is, where it is a payload.</summary>
    public Func<object, ReadOnlyMemory<byte>>? GetPayload { get; init; }

    /// <summary>Headers of the answer (name and value), where members travel so; null values are left out.</summary>
    public Func<object, IEnumerable<(string Name, string? Value)>>? GetHeaders { get; init; }

    /// <summary>The largest body of a request, in bytes; null where only the operation itself looks.</summary>
    public int? BodyLimit { get; init; }

    /// <summary>The HTTP status of success.</summary>
    public int Status { get; init; } = 200;

    /// <summary>The status where it depends on the answer (Lambda Invoke: 200, 202, 204).</summary>
    public Func<object, int>? GetStatus { get; init; }
}
