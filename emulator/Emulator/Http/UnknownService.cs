using Disa.Emulator.Rooms;

namespace Disa.Emulator.Http;

/// <summary>A service of AWS that is not here: which it is, and how it speaks, as far as its request tells; so that it is refused in its own form.</summary>
internal static class UnknownService
{
    /// <summary>Those whose REST is XML; S3's neighbours among them.</summary>
    private static readonly string[] RestXml = ["cloudfront", "route53", "s3-outposts", "s3express"];

    /// <summary>The services with a form body, by the version of their API: all that an unsigned request says of them.</summary>
    private static readonly Dictionary<string, string> ByVersion = new(StringComparer.Ordinal)
    {
        ["2011-06-15"] = "sts",
        ["2010-05-08"] = "iam",
        ["2010-03-31"] = "sns",
        ["2012-11-05"] = "sqs",
        ["2010-08-01"] = "monitoring",
        ["2010-05-15"] = "cloudformation",
        ["2016-11-15"] = "ec2",
    };

    /// <summary>The service that an unsigned request with an Action is for; null where there is no Action.</summary>
    public static string? OfForm(WireRequest request)
    {
        var inQuery = request.QueryString.Contains("Action=", StringComparison.Ordinal);
        if (!inQuery && !IsForm(request))
        {
            return null;
        }

        var parameters = inQuery ? request.Query() : Form.Parse(System.Text.Encoding.UTF8.GetString(request.Body.Span));
        string? version = null;
        var hasAction = false;
        foreach (var (name, value) in parameters)
        {
            hasAction |= name == "Action";
            version = name == "Version" ? value : version;
        }

        return !hasAction ? null
            : version is not null && ByVersion.TryGetValue(version, out var service) ? service
            : "sns";
    }

    public static (AwsService Service, Protocols Protocol) Of(string signingName, WireRequest request)
    {
        var protocol =
            request.Header("X-Amz-Target").Length > 0 ? Protocols.Json
            : request.Path.StartsWith("/service/", StringComparison.Ordinal) ? Protocols.Cbor
            : IsForm(request) || request.QueryString.Contains("Action=", StringComparison.Ordinal)
                ? signingName == "ec2" ? Protocols.Ec2
                    : Protocols.Query
            : RestXml.Contains(signingName) ? Protocols.RestXml
            : Protocols.RestJson;
        return (
            new AwsService(signingName, [])
            {
                SdkName = signingName,
                SdkErrorPrefix = signingName,
                Protocols = protocol,
            },
            protocol
        );
    }

    private static bool IsForm(WireRequest request) =>
        request.Header("Content-Type").StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);
}
