using System.Text;
using System.Text.RegularExpressions;
using Disa.Emulator.Aws;
using Disa.Emulator.Policies;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Lambda;

/// <summary>
/// Answers at the URLs of functions, <c>ID.lambda-url.REGION.localhost</c>: who may, as what the function gets it, and what becomes of its answer.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html and urls-invocation.html.</remarks>
internal sealed partial class FunctionUrlSite(FunctionStore functions, FunctionUrlConfigs urls, Invoker invoker, Authorizer rights)
{
    /// <summary>As AWS answers (2026-07: dozens of reports have these words).</summary>
    private const string Forbidden =
        "Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html";

    public static bool IsHost(string host) => host.Contains(FunctionUrlConfigs.Marker, StringComparison.Ordinal) && Host().IsMatch(host);

    public async Task<SiteResponse> Answer(SiteRequest request, CancellationToken cancellation)
    {
        var match = Host().Match(request.Host);
        if (
            urls.OfId(match.Groups["id"].Value) is not var (reference, function, url)
            || reference.Scope.Region != match.Groups["region"].Value
        )
        {
            return Error(404, "ResourceNotFoundException", "null");
        }

        if (url.Cors is { } cors && UrlCors.IsPreflight(request))
        {
            return UrlCors.Preflight(cors, request);
        }

        return UrlCors.Over(url.Cors, request, await Invoke(request, reference, function, url, cancellation).ConfigureAwait(false));
    }

    private async Task<SiteResponse> Invoke(
        SiteRequest request,
        FunctionReference reference,
        Function function,
        FunctionUrl url,
        CancellationToken cancellation
    )
    {
        try
        {
            var signed = url.AuthType == "AWS_IAM" ? request.Caller() ?? throw Denied("") : null;
            var caller =
                signed
                ?? new Caller(reference.Scope.Account, reference.Scope.Region, Principal.Nobody, "", "", request.RequestId)
                {
                    SourceIp = request.SourceIp,
                };
            Check(caller, reference, function, url);
            var payload = UrlEvent.Write(request, url.Id, signed, functions.Clock.GetUtcNow());
            var invocation = await invoker
                .Invoke(reference, payload, InvocationType.RequestResponse, null, caller, request.RequestId, cancellation)
                .ConfigureAwait(false);
            return invocation.FunctionError is null ? UrlAnswer.Of(invocation.Payload) : UrlAnswer.BadGateway;
        }
        catch (AwsException error) when (!error.IsLost)
        {
            return Error(error.StatusCode, error.Code, $"\"{System.Text.Json.JsonEncodedText.Encode(error.Message)}\"");
        }
    }

    /// <summary>"Starting in October 2025, new function URLs will require both lambda:InvokeFunctionUrl and lambda:InvokeFunction permissions."</summary>
    private void Check(Caller caller, FunctionReference reference, Function function, FunctionUrl url)
    {
        foreach (var action in (string[])["lambda:InvokeFunctionUrl", "lambda:InvokeFunction"])
        {
            rights.Require(
                caller,
                new Access(action, reference.Arn)
                {
                    Policy = Permissions.Document(function, reference),
                    NeedsPolicy = url.AuthType == "NONE",
                    Facts =
                    [
                        ("lambda:FunctionUrlAuthType", url.AuthType),
                        ("lambda:InvokedViaFunctionUrl", "true"),
                        ("lambda:FunctionArn", reference.Arn),
                    ],
                },
                Denied
            );
        }
    }

    private static AwsException Denied(string message) => new("AccessDeniedException", Forbidden, 403);

    private static SiteResponse Error(int status, string code, string message) =>
        new(
            status,
            [("content-type", "application/json"), ("x-amzn-ErrorType", code)],
            Encoding.UTF8.GetBytes($$"""{"Message":{{message}}}""")
        );

    [GeneratedRegex(@"^(?<id>[a-z0-9]{32})\.lambda-url\.(?<region>[a-z0-9-]+)\.localhost(?::\d+)?\z")]
    private static partial Regex Host();
}
