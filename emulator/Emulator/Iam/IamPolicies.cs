using Disa.Emulator.Aws;
using Disa.Emulator.Policies;

namespace Disa.Emulator.Iam;

/// <summary>What IAM checks of policy documents.</summary>
internal static class IamPolicies
{
    /// <summary>The document itself, if it is one.</summary>
    /// <exception cref="AwsException">MalformedPolicyDocument.</exception>
    public static string Checked(string document, PolicyKind kind)
    {
        try
        {
            PolicyDocument.Parse(document, kind);
            return document;
        }
        catch (PolicyException failure)
        {
            throw IamErrors.Malformed(failure.Message);
        }
    }

    /// <summary>A document as answers carry it: percent-encoded (RFC 3986).</summary>
    public static string Encoded(string document) => Uri.EscapeDataString(document);
}
