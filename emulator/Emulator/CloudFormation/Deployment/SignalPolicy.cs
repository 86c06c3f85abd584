using System.Globalization;
using System.Text.RegularExpressions;
using Disa.Emulator.Aws;
using Disa.Emulator.CloudFormation.Templates;

namespace Disa.Emulator.CloudFormation.Deployment;

/// <summary>What a CreationPolicy asks for before a resource counts as created.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-creationpolicy.html</remarks>
/// <param name="Count">How many success signals; 1 where the template does not say.</param>
/// <param name="Timeout">In seconds; five minutes where the template does not say, at most twelve hours.</param>
internal sealed partial record SignalPolicy(int Count, int Timeout)
{
    private const int LongestTimeout = 43200;

    /// <param name="policy">The attribute's value, its functions resolved.</param>
    /// <param name="logicalId">The resource's, for errors.</param>
    /// <exception cref="AwsException">ValidationError.</exception>
    public static SignalPolicy Of(Node? policy, string logicalId)
    {
        var body = policy as MapNode ?? throw Wrong(logicalId, "must be an object");
        if (body.Entries.FirstOrDefault(entry => entry.Key != "ResourceSignal") is { Key: not null } other)
        {
            throw AwsException.NotImplemented($"the {other.Key} of a CreationPolicy");
        }

        var signal = body["ResourceSignal"] switch
        {
            null => MapNode.Empty,
            MapNode map => map,
            _ => throw Wrong(logicalId, "ResourceSignal must be an object"),
        };
        if (signal.Entries.FirstOrDefault(entry => entry.Key is not ("Count" or "Timeout")) is { Key: not null } unknown)
        {
            throw Wrong(logicalId, $"unknown property {unknown.Key} of ResourceSignal");
        }

        return new(Number(signal["Count"], logicalId), Seconds(signal["Timeout"], logicalId));
    }

    private static int Number(Node? count, string logicalId) =>
        count is null ? 1
        : count is TextNode text && int.TryParse(text.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
        : throw Wrong(logicalId, "Count must be a positive number");

    private static int Seconds(Node? timeout, string logicalId)
    {
        if (timeout is null)
        {
            return 300;
        }

        if (timeout is not TextNode text || Duration().Match(text.Text) is not { Success: true } match || text.Text.Length == 2)
        {
            throw Wrong(logicalId, "Timeout must be a duration in ISO 8601, such as PT15M");
        }

        var seconds = Part("days") * 86400 + Part("hours") * 3600 + Part("minutes") * 60 + Part("seconds");
        return seconds <= LongestTimeout ? (int)seconds : throw Wrong(logicalId, "Timeout must be at most PT12H");

        long Part(string name) =>
            match.Groups[name] is { Success: true, Value: var digits } ? long.Parse(digits, CultureInfo.InvariantCulture) : 0;
    }

    private static AwsException Wrong(string logicalId, string what) =>
        StackErrors.Validation($"CreationPolicy of resource {logicalId}: {what}");

    [GeneratedRegex(
        @"^P(?:(?<days>[0-9]{1,6})D)?(?:T(?=[0-9])(?:(?<hours>[0-9]{1,6})H)?(?:(?<minutes>[0-9]{1,6})M)?(?:(?<seconds>[0-9]{1,6})S)?)?\z"
    )]
    private static partial Regex Duration();
}
