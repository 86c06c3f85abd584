using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Disa.Emulator.Tests;

/// <summary>Who may know whom, inside the emulator.</summary>
public sealed partial class ArchitectureTests
{
    /// <summary>Beyond these, every room may know Store, Aws and Time; LocalCloud, at the root, knows all.</summary>
    private static readonly Dictionary<string, string[]> MayKnow = new()
    {
        ["Store"] = ["Aws"],
        ["Aws"] = ["Store", "Time"],
        ["Time"] = [],
        ["Http"] = ["Aws", "Time"],
        ["Kms"] = [],
        ["Iam"] = [],
        ["S3"] = ["Kms"],
        ["Sqs"] = ["Kms"],
        ["DynamoDb"] = ["Kms"],
        ["Logs"] = ["CloudWatch", "Kms"],
        ["Lambda"] = ["S3", "Logs", "Sqs", "DynamoDb", "Iam", "Kms", "Http"],
        ["Sns"] = ["Sqs", "Lambda", "Kms"],
        ["CloudWatch"] = ["Sns", "Events", "Lambda"],
        ["Events"] = ["Lambda", "StepFunctions", "Sqs", "Sns"],
        ["Scheduler"] = ["Lambda", "StepFunctions", "Sqs", "Events", "Sns"],
        ["StepFunctions"] = ["Lambda", "Logs", "Kms", "S3"],
        ["CloudFormation"] = [],
    };

    private static string Source([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "emulator", "Emulator"));

    [Fact]
    public void A_room_knows_only_the_rooms_it_may_know()
    {
        var wrong = from room in Directory.EnumerateDirectories(Source())
                    let name = Path.GetFileName(room)
                    where name is not ("obj" or "bin")
                    from file in Directory.EnumerateFiles(room, "*.cs", SearchOption.AllDirectories)
                    from Match use in Uses().Matches(File.ReadAllText(file))
                    let used = use.Groups[1].Value
                    where used != name && used is not ("Store" or "Aws" or "Time")
                        && !(MayKnow.TryGetValue(name, out var known) ? known : []).Contains(used)
                    select $"{name}/{Path.GetFileName(file)} knows {used}";

        Assert.Empty(wrong.Distinct());
    }

    [Fact]
    public void Every_room_is_in_the_table()
    {
        Assert.Empty(Directory.EnumerateDirectories(Source()).Select(Path.GetFileName).Where(name => name is not ("obj" or "bin")).Except(MayKnow.Keys));
    }

    [GeneratedRegex(@"Disa\.Emulator\.([A-Z]\w+)[\.;]")]
    private static partial Regex Uses();
}
