using System.IO.Compression;
using System.Text.Json;

namespace Disa.Functions.Tests;

public sealed class ArtefactTests
{
    private static readonly string Root = Path.Combine(AppContext.BaseDirectory, "artefacts");

    public static TheoryData<string> Packages => new("disa_init_process", "disa_process", "disa_retry");

    [Theory]
    [MemberData(nameof(Packages))]
    public void A_package_has_what_the_managed_runtime_starts(string name)
    {
        using var zip = ZipFile.OpenRead(Path.Combine(Root, "code/dotnet", name + ".zip"));
        var names = zip.Entries.Select(entry => entry.FullName).ToList();
        Assert.Contains(name + ".dll", names);
        Assert.Contains(name + ".deps.json", names);
        Assert.Contains(name + ".runtimeconfig.json", names);
        Assert.DoesNotContain(
            names,
            entry => entry.EndsWith(".so", StringComparison.Ordinal) || !entry.Contains('.', StringComparison.Ordinal)
        );
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
        Assert.All(zip.Entries, entry => Assert.Equal(1980, entry.LastWriteTime.Year));
    }

    [Fact]
    public void The_layout_is_that_of_the_bucket()
    {
        string[] expected =
        [
            "cft/disa-bootstrap-stack.yaml",
            "cft/disa-root-stack.yaml",
            "cft/nested-stacks/cw-custom-metric-alarm-stack.yaml",
            "cft/nested-stacks/dynamodb-stack.yaml",
            "cft/nested-stacks/iam-role-stack.yaml",
            "cft/nested-stacks/lambda-function-stack.yaml",
            "cft/nested-stacks/sns-stack.yaml",
            "cft/state-machine/state-machine.json",
            "code/dotnet/disa_process.zip",
        ];
        Assert.All(expected, path => Assert.True(File.Exists(Path.Combine(Root, path)), path));
    }

    [Fact]
    public void Every_substitution_in_the_state_machine_is_given_by_its_template()
    {
        var definition = File.ReadAllText(Path.Combine(Root, "cft/state-machine/state-machine.json"));
        using var parsed = JsonDocument.Parse(definition);
        var template = File.ReadAllText(Path.Combine(Root, "cft/nested-stacks/state-machine-stack.yaml"));
        var names = System
            .Text.RegularExpressions.Regex.Matches(definition, @"\$\{(\w+)\}")
            .Select(match => match.Groups[1].Value)
            .Distinct();
        Assert.All(names, name => Assert.Contains($"        {name}: !Ref ", template, StringComparison.Ordinal));
    }
}
