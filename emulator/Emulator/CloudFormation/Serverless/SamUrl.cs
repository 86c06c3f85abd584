using Disa.Emulator.CloudFormation.Templates;
using static Disa.Emulator.CloudFormation.Serverless.Nodes;

namespace Disa.Emulator.CloudFormation.Serverless;

/// <summary>A function's <c>FunctionUrlConfig</c>: its URL, and where that is public the two permissions that a public URL needs.</summary>
/// <remarks>
/// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-functionurlconfig.html; the logical ids and
/// the words of the errors are those of the SAM translator 1.103.
/// </remarks>
/// <param name="id">The function's logical id.</param>
/// <param name="source">The function, whose condition all of them have.</param>
/// <param name="called">A reference to the function, or to its alias where it has one.</param>
internal sealed class SamUrl(string id, MapNode source, MapNode called)
{
    private static readonly string[] OfCors =
    [
        "AllowOrigins",
        "AllowMethods",
        "AllowCredentials",
        "AllowHeaders",
        "ExposeHeaders",
        "MaxAge",
    ];

    public IEnumerable<(string Id, MapNode Resource)> Write(Node given)
    {
        if (given is not MapNode config || config.Entries is [var only] && IsFunction(only.Key))
        {
            throw SamErrors.Undone("a FunctionUrlConfig that a function of the template gives");
        }

        var authType = config["AuthType"];
        if (authType is not (MapNode or TextNode { Text: "AWS_IAM" or "NONE" }))
        {
            throw SamErrors.Resource(
                id,
                "AuthType is required to configure function property `FunctionUrlConfig`. Please provide either AWS_IAM or NONE."
            );
        }

        if (
            config["Cors"] is MapNode cors
            && cors.Entries.FirstOrDefault(entry => !OfCors.Contains(entry.Key) && !IsFunction(entry.Key)) is { } unknown
        )
        {
            throw SamErrors.Resource(id, $"{unknown.Key} is not a valid property for configuring Cors.");
        }

        yield return (
            $"{id}Url",
            Resource("AWS::Lambda::Url", Map([("TargetFunctionArn", called), .. Of(config, "AuthType", "Cors", "InvokeMode")]), source)
        );
        if (authType is not TextNode { Text: "NONE" })
        {
            yield break;
        }

        yield return ($"{id}UrlPublicPermissions", Permission("lambda:InvokeFunctionUrl", ("FunctionUrlAuthType", authType)));
        yield return ($"{id}URLInvokeAllowPublicAccess", Permission("lambda:InvokeFunction", ("InvokedViaFunctionUrl", Text("true"))));
    }

    private MapNode Permission(string action, (string, Node?) condition) =>
        Resource(
            "AWS::Lambda::Permission",
            Map(("Action", Text(action)), ("FunctionName", called), ("Principal", Text("*")), condition),
            source
        );

    private static bool IsFunction(string name) => name == "Ref" || name.StartsWith("Fn::", StringComparison.Ordinal);
}
