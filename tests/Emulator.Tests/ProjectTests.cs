using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Disa.Emulator.Tests;

/// <summary>Which project may know which, and that the languages are pure.</summary>
public sealed partial class ProjectTests
{
    /// <summary>The projects that each project refers to; tests and benchmarks may know everything.</summary>
    private static readonly Dictionary<string, string[]> MayKnow = new()
    {
        ["dispatcher/Contract/Disa.Contract"] = [],
        ["dispatcher/AwsClients/Disa.AwsClients"] = [],
        ["dispatcher/Functions/Runtime/Disa.Functions"] = ["Disa.AwsClients", "Disa.Contract"],
        ["dispatcher/Functions/Upkeep/Disa.Upkeep"] = ["Disa.Contract"],
        ["dispatcher/Functions/Init/disa_init_process"] = ["Disa.Functions"],
        ["dispatcher/Functions/Process/disa_process"] = ["Disa.Functions"],
        ["dispatcher/Functions/Retry/disa_retry"] = ["Disa.Functions", "Disa.Upkeep"],
        ["client/Disa.Client"] = [],
        ["emulator/Jsonata/Disa.Jsonata"] = [],
        ["emulator/Asl/Disa.Asl"] = ["Disa.Jsonata"],
        ["emulator/DotnetRuntime/Disa.DotnetRuntime"] = [],
        ["emulator/Emulator/Disa.Emulator"] = ["Disa.Asl", "Disa.DotnetRuntime"],
        ["emulator/LocalAws/Disa.LocalAws"] = ["Disa.Emulator"],
        ["emulator/Xunit/Disa.Emulator.Xunit"] = ["Disa.LocalAws"],
        ["emulator/Aspire/Disa.Aspire.Hosting"] =
        [
            "Disa.Emulator",
            "Disa.LocalAws",
            "Disa.Operations",
            "Disa.WebConsole",
            "disa_init_process",
            "disa_process",
            "disa_retry",
        ],
        ["operations/Disa.Operations"] = ["Disa.AwsClients", "Disa.Contract", "Disa.Upkeep"],
        ["console/Disa.WebConsole"] = ["Disa.Operations"],
        ["cli/Disa.Cli"] = ["Disa.Emulator", "Disa.Operations", "Disa.WebConsole", "disa_init_process", "disa_process", "disa_retry"],
    };

    private static string Root([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));

    [Fact]
    public void A_project_knows_only_the_projects_it_may_know()
    {
        var wrong = Projects()
            .SelectMany(project =>
                References(project).Except(MayKnow.GetValueOrDefault(project, [])).Select(known => $"{project} knows {known}")
            );
        Assert.Empty(wrong);
        Assert.Empty(Projects().Except(MayKnow.Keys));
        Assert.Empty(MayKnow.Keys.Except(Projects()));
    }

    /// <summary>
    /// In .NET, <c>$</c> is also before a last line break: what must match as a whole ends with <c>\z</c>, as AWS's patterns match.
    /// </summary>
    [Fact]
    public void A_pattern_for_a_whole_text_takes_no_line_break_after_it()
    {
        var found = Projects()
            .Select(project => Path.GetDirectoryName(Path.Combine(Root(), project))!)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
            .Distinct()
            .SelectMany(file => File.ReadLines(file).Where(line => EndsBeforeALineBreak().IsMatch(line)).Select(line => $"{file}: {line}"));
        Assert.Empty(found);
    }

    [Fact]
    public void The_languages_and_the_contract_have_no_packages_of_their_own()
    {
        Assert.Empty(Packages("emulator/Jsonata/Disa.Jsonata"));
        Assert.Empty(Packages("emulator/Asl/Disa.Asl"));
        Assert.Equal(["AWSSDK.DynamoDBv2"], Packages("dispatcher/Contract/Disa.Contract"));
    }

    /// <summary>No clock, no I/O, nothing that waits: the same definition, input and moments give the same events.</summary>
    [Theory]
    [InlineData("Asl")]
    [InlineData("Jsonata")]
    public void The_languages_are_pure(string project)
    {
        var impure = Directory
            .EnumerateFiles(Path.Combine(Root(), "emulator", project), "*.cs", SearchOption.AllDirectories)
            .SelectMany(path =>
                Impure().Matches(WithoutComments(File.ReadAllText(path))).Select(match => $"{Path.GetFileName(path)}: {match.Value}")
            );
        Assert.Empty(impure);
    }

    private static string WithoutComments(string source) => Comment().Replace(source, "");

    private static IEnumerable<string> Projects() =>
        ((string[])["dispatcher", "client", "emulator", "operations", "console", "cli"])
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root(), folder), "*.csproj", SearchOption.AllDirectories))
            .Select(path => Path.ChangeExtension(Path.GetRelativePath(Root(), path), null).Replace('\\', '/'));

    private static IEnumerable<string> References(string project) =>
        Elements(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')));

    private static IEnumerable<string> Packages(string project) => Elements(project, "PackageReference");

    /// <summary>What the project file and those that it imports include.</summary>
    private static IEnumerable<string> Elements(string project, string name)
    {
        var path = Path.Combine(Root(), project + ".csproj");
        return Of(path);

        IEnumerable<string> Of(string file)
        {
            var xml = XDocument.Load(file);
            var imported = xml.Descendants("Import")
                .Select(import => Path.Combine(Path.GetDirectoryName(file)!, import.Attribute("Project")!.Value))
                .Where(File.Exists);
            return xml.Descendants(name)
                .Select(element => element.Attribute("Include")?.Value)
                .OfType<string>()
                .Concat(imported.SelectMany(Of));
        }
    }

    [GeneratedRegex(
        @"\b(TimeProvider|DateTime(Offset)?\.(Utc)?Now|Stopwatch|File\.|Directory\.|HttpClient|Socket|async\b|await\b|Thread\b|(?<!Evaluator\.)Environment\.|Random\.Shared|Guid\.NewGuid|RandomNumberGenerator)"
    )]
    private static partial Regex Impure();

    [GeneratedRegex(@"(GeneratedRegex|new Regex)\(.*\$""(\)|, (?!RegexOptions\.Multiline))")]
    private static partial Regex EndsBeforeALineBreak();

    [GeneratedRegex(@"(?m)//.*$")]
    private static partial Regex Comment();
}
