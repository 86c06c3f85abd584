using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Disa.Emulator.Tests;

/// <summary>Who may know whom, inside the emulator.</summary>
public sealed partial class ArchitectureTests
{
    /// <summary>What every room may know. Between themselves it is asked.</summary>
    private static readonly string[] Foundations = ["Aws", "Time", "Store", "Policies", "Patterns", "Rooms"];

    /// <summary>Beyond the foundations; LocalCloud, at the root, knows all.</summary>
    private static readonly Dictionary<string, string[]> MayKnow = new()
    {
        ["Aws"] = [],
        ["Time"] = [],
        ["Store"] = ["Aws"],
        ["Policies"] = ["Aws", "Patterns"],
        ["Patterns"] = [],
        ["Rooms"] = ["Aws", "Policies", "Store"],
        ["Http"] = [],
        ["Kms"] = [],
        ["Iam"] = [],
        ["S3"] = ["Kms"],
        ["Ssm"] = ["Kms"],
        ["Secrets"] = ["Kms"],
        ["Sqs"] = ["Kms"],
        ["Faults"] = [],
        ["Usage"] = [],
        ["DynamoDb"] = ["Kms", "Faults"],
        ["Logs"] = ["CloudWatch", "Kms", "Faults"],
        ["Lambda"] = ["Logs", "Sqs", "DynamoDb", "Http", "Faults"],
        ["Sns"] = ["Sqs", "Kms"],
        ["CloudWatch"] = [],
        ["Events"] = [],
        ["Scheduler"] = ["Events"],
        ["StepFunctions"] = ["Lambda"],
        ["CloudFormation"] = [],
        ["Check"] = ["CloudFormation"],
    };

    /// <summary>Beyond what it may know: the rooms that LocalCloud lets a room call, by delegates and without its knowing whose they are.</summary>
    private static readonly Dictionary<string, string[]> MayCall = new()
    {
        ["Lambda"] = ["Iam"],
        ["S3"] = ["Events", "Lambda", "Sns", "Sqs"],
        ["Sns"] = ["Iam", "Lambda", "Logs"],
        ["CloudWatch"] = ["CloudFormation", "Events", "Lambda", "Sns", "Sqs"],
        ["Events"] = ["Iam", "Lambda", "Secrets", "Sqs"],
        ["StepFunctions"] = ["Events", "Iam", "Logs"],
        ["CloudFormation"] = ["CloudWatch", "Iam", nameof(LocalCloud)],
    };

    private static string Source([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "emulator", "Emulator"));

    [Fact]
    public void A_room_knows_only_the_rooms_it_may_know()
    {
        var wrong = Arrows()
            .Where(arrow => !MayKnow.GetValueOrDefault(arrow.Room, []).Contains(arrow.Known))
            .Select(arrow => $"{arrow.Room}/{arrow.File} knows {arrow.Known}")
            .Distinct()
            .ToList();

        Assert.Empty(wrong);
    }

    [Fact]
    public void No_room_may_know_another_that_it_does_not_use()
    {
        var used = Arrows().Select(arrow => (arrow.Room, arrow.Known)).ToHashSet();

        var spare = MayKnow
            .SelectMany(room => room.Value.Where(known => IsAsked(room.Key, known)).Select(known => (room.Key, known)))
            .Except(used)
            .ToList();

        Assert.Empty(spare);
    }

    [Fact]
    public void Every_room_is_in_the_table() => Assert.Equal(Rooms().Order(), MayKnow.Keys.Order());

    [Fact]
    public async Task A_room_is_given_only_what_leads_to_rooms_that_it_may_call()
    {
        await using var cloud = await TestCloud.Start();

        var given = cloud
            .Cloud.Rooms.Select(room => (Name: Wires.RoomOf(room.GetType())!, Wires: new Wires(room)))
            .SelectMany(room => room.Wires.Rooms.Except(MayKnow[room.Name]).Select(known => $"{room.Name} calls {known}"));
        var allowed = MayCall.SelectMany(room => room.Value.Select(known => $"{room.Key} calls {known}"));

        Assert.Equal(allowed.Order(StringComparer.Ordinal), given.Distinct().Order(StringComparer.Ordinal));
    }

    private static bool IsAsked(string room, string known) => Foundations.Contains(room) || !Foundations.Contains(known);

    private static IEnumerable<string> Rooms() =>
        Directory.EnumerateDirectories(Source()).Select(path => Path.GetFileName(path)).Where(name => name is not ("obj" or "bin"));

    /// <summary>Every mention of another room: by namespace, or by a type of it behind the room's name alone (<c>Kms.DataKeys</c>).</summary>
    private static IEnumerable<(string Room, string File, string Known)> Arrows()
    {
        var texts = Rooms()
            .ToDictionary(
                room => room,
                room =>
                    Directory
                        .EnumerateFiles(Path.Combine(Source(), room), "*.cs", SearchOption.AllDirectories)
                        .Select(file => (Name: Path.GetFileName(file), Text: File.ReadAllText(file)))
                        .ToList()
            );
        var types = texts.ToDictionary(
            room => room.Key,
            room => room.Value.SelectMany(file => Declared().Matches(file.Text)).Select(match => match.Groups[1].Value).ToHashSet()
        );
        return from room in texts
            from file in room.Value
            from known in Uses()
                .Matches(file.Text)
                .Select(use => use.Groups[1].Value)
                .Concat(
                    Qualified()
                        .Matches(file.Text)
                        .Where(use => types.GetValueOrDefault(use.Groups[1].Value, []).Contains(use.Groups[2].Value))
                        .Select(use => use.Groups[1].Value)
                )
            where known != room.Key && IsAsked(room.Key, known)
            select (room.Key, file.Name, known);
    }

    [GeneratedRegex(@"Disa\.Emulator\.([A-Z]\w+)[\.;]")]
    private static partial Regex Uses();

    [GeneratedRegex(@"(?<![\w.])([A-Z]\w+)\.([A-Z]\w+)")]
    private static partial Regex Qualified();

    [GeneratedRegex(@"\b(?:class|record|struct|interface|enum|delegate\s+[\w<>\[\]?]+)\s+([A-Z]\w+)")]
    private static partial Regex Declared();
}
