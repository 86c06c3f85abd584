using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.S3;

/// <summary>An operation of S3: what every request is checked for, then its own work.</summary>
internal sealed class S3Operation : Operation
{
    private readonly Buckets buckets;
    private readonly Func<S3Request, Task<RestAnswer>> run;

    /// <param name="route">Method and place, such as <c>GET /{Bucket}?versioning</c>.</param>
    /// <param name="query">Query parameters that are honoured, as <c>versionId=VersionId</c>: the wire's name and the member's.</param>
    /// <param name="headers">Headers likewise.</param>
    public S3Operation(
        Buckets buckets,
        string name,
        string route,
        Func<S3Request, Task<RestAnswer>> run,
        string[]? query = null,
        string[]? headers = null,
        bool anonymous = false
    )
        : base(name, RestCallJson.Default.RestCall, RestCallJson.Default.RestAnswer)
    {
        this.buckets = buckets;
        this.run = run;
        Anonymous = anonymous;
        var space = route.IndexOf(' ', StringComparison.Ordinal);
        Rest = new RestBinding(route[..space], route[(space + 1)..])
        {
            Query = Map(query, StringComparer.Ordinal),
            Headers = Map(headers, StringComparer.OrdinalIgnoreCase),
            GetPayload = answer => ((RestAnswer)answer).Payload,
        };
    }

    public override async Task<object> Run(object request, Caller caller, CancellationToken cancellation)
    {
        var call = (RestCall)request;
        if (!call.FromWire)
        {
            call.Bind(this);
            call.Query.Remove("x-id");
        }

        var answer = await run(new S3Request(buckets, call, caller, Checksums.Verify(call))).ConfigureAwait(false);
        return call.FromWire || answer.ContentType != S3Xml.MediaType || answer.Payload.IsEmpty || Name is "GetObject"
            ? answer
            : throw AwsException.NotImplemented($"s3:{Name} in aws-sdk integrations");
    }

    private static Dictionary<string, string> Map(string[]? pairs, StringComparer comparer) =>
        (pairs ?? []).Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[^1], comparer);
}
