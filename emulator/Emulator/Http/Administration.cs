using Disa.Emulator.Aws;
using Disa.Emulator.Policies;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Http;

/// <summary>What only the emulator has, under <c>/_disa/</c>.</summary>
internal sealed class Administration(Callers callers, Authorizer rights)
{
    private const string Root = "/_disa/";

    /// <summary>Not a service of AWS: for signatures.</summary>
    private static readonly AwsService Service = new("disa", [])
    {
        SdkName = "disa",
        SdkErrorPrefix = "Disa",
        Protocols = Protocols.Json,
    };

    private readonly List<AdminEndpoint> endpoints = [];

    /// <summary>Whether a path is one of these.</summary>
    public static bool Has(string path) => path.StartsWith(Root, StringComparison.Ordinal);

    public void Add(AdminEndpoint endpoint) => endpoints.Add(endpoint);

    /// <exception cref="AwsException">The caller has no right to it, or the endpoint does not exist.</exception>
    public async Task<WireResponse> Answer(WireRequest request, CancellationToken cancellation)
    {
        Check(request);
        var path = request.Path[Root.Length..];
        foreach (var candidate in endpoints)
        {
            var rest = Rest(candidate, path);
            if (rest is null || candidate.Method != request.Method)
            {
                continue;
            }

            var query = request
                .Query()
                .GroupBy(pair => pair.Key)
                .ToDictionary(group => group.Key, group => group.Last().Value, StringComparer.Ordinal);
            var answer = await candidate.Run(new AdminRequest(rest, query, request.Body), cancellation).ConfigureAwait(false);
            return new WireResponse(answer.Status, answer.ContentType, answer.Body);
        }

        throw new AwsException("NotFound", $"There is no {request.Method} {request.Path}.", 404);
    }

    /// <summary>
    /// Who signs with a key that was issued here needs the right <c>disa:Administer</c>. Others need nothing, as they need nothing elsewhere,
    /// unless only issued keys are taken; the health is everybody's.
    /// </summary>
    private void Check(WireRequest request)
    {
        if (
            request is { Method: "GET", Path: "/_disa/health" }
            || endpoints.Exists(one => one.IsOpen && one.Method == request.Method && Rest(one, request.Path[Root.Length..]) is not null)
        )
        {
            return;
        }

        if (SigV4.Parse(request) is { } signature && callers.Issued(request, signature, Service) is { } caller)
        {
            rights.Require(caller, new Access("disa:Administer", "*"), message => new AwsException("AccessDenied", message, 403));
        }
        else if (callers.OnlyIssuedKeys)
        {
            throw new AwsException(
                "AccessDenied",
                "This emulator takes only keys that it issued, and this request is not signed with one.",
                403
            );
        }
    }

    /// <summary>What a path has behind an endpoint's; null where it is another's.</summary>
    private static string? Rest(AdminEndpoint candidate, string path) =>
        candidate.Path.EndsWith("/*", StringComparison.Ordinal) && path.StartsWith(candidate.Path[..^1], StringComparison.Ordinal)
            ? Uri.UnescapeDataString(path[(candidate.Path.Length - 1)..])
        : candidate.Path == path ? ""
        : null;
}
