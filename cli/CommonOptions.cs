using System.CommandLine;

namespace Disa.Cli;

/// <summary>Options of every command, named as the AWS CLI names them.</summary>
internal static class CommonOptions
{
    /// <summary>Characters of a stack's name.</summary>
    private const int LongestName = 128;

    public static readonly Option<string?> EndpointUrl = new("--endpoint-url")
    {
        Description =
            "The endpoint (default AWS_ENDPOINT_URL, else the emulator at http://127.0.0.1:4566, or AWS itself if a profile is given)",
        Recursive = true,
    };

    public static readonly Option<string?> Profile = new("--profile")
    {
        Description = "A profile of the AWS configuration (default AWS_PROFILE); selects AWS as the target",
        Recursive = true,
    };

    public static readonly Option<string?> Region = new("--region")
    {
        Description = "The AWS Region (default AWS_REGION, the profile's, or us-east-1)",
        Recursive = true,
    };

    public static readonly Option<string> Stack = new("--stack", "--stack-name")
    {
        Description = "The name of Disa's root stack",
        Recursive = true,
        DefaultValueFactory = _ => "disa",
    };

    public static readonly Option<bool> Json = new("--json") { Description = "Print one JSON document", Recursive = true };

    public static readonly Option[] All = [EndpointUrl, Named.Name, Profile, Region, Stack, Json];

    static CommonOptions() =>
        Stack.Validators.Add(result =>
        {
            // As CloudFormation has it; a stack's ARN names one too.
            if (
                result.Tokens is [{ Value: var name }]
                && !name.StartsWith("arn:", StringComparison.Ordinal)
                && !(
                    name is [(>= 'a' and <= 'z') or (>= 'A' and <= 'Z'), ..]
                    && name.Length <= LongestName
                    && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-')
                )
            )
            {
                result.AddError($"'{name}' is not the name of a stack: letters, digits and dashes, a letter first, {LongestName} at most.");
            }
        });

    extension(Target)
    {
        /// <summary>The target that a command's options name.</summary>
        public static Target From(ParseResult parsed) =>
            Target.From(parsed.GetValue(Profile), Named.Endpoint(parsed) ?? parsed.GetValue(EndpointUrl), parsed.GetValue(Region));
    }
}
