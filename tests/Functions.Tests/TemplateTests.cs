using System.Diagnostics;

namespace Disa.Functions.Tests;

public sealed class TemplateTests
{
    public static TheoryData<string> Templates =>
        [
            .. Directory
                .EnumerateFiles(Folder, "*.yaml", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(Folder, path))
                .Order(StringComparer.Ordinal),
        ];

    private static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "artefacts/cft");

    [Fact]
    public async Task The_linter_has_nothing_to_say_of_any_template()
    {
        var linter = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, "cfn-lint"))
            .FirstOrDefault(File.Exists);
        Assert.SkipWhen(linter is null, "cfn-lint is not on PATH.");
        using var process = System.Diagnostics.Process.Start(
            new ProcessStartInfo(linter!, Templates.Select(template => Path.Combine(Folder, template.Data)))
            {
                RedirectStandardOutput = true,
            }
        )!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal("", said);
        Assert.Equal(0, process.ExitCode);
    }

    [Theory]
    [MemberData(nameof(Templates))]
    public void Every_parameter_has_a_description_limits_and_a_default_but_for_what_only_the_bootstrap_stack_knows(string template)
    {
        var lines = File.ReadAllLines(Path.Combine(Folder, template));
        var from = Array.IndexOf(lines, "Parameters:");
        Assert.True(from > 0);
        var name = "";
        var members = new Dictionary<string, HashSet<string>>();
        foreach (var line in lines.Skip(from + 1).TakeWhile(line => line.Length == 0 || line[0] == ' '))
        {
            if (line.StartsWith("  ", StringComparison.Ordinal) && !line.StartsWith("   ", StringComparison.Ordinal))
            {
                members[name = line.Trim().TrimEnd(':')] = [];
            }
            else if (line.Contains(':', StringComparison.Ordinal))
            {
                members[name].Add(line.Trim().Split(':')[0]);
            }
        }

        Assert.NotEmpty(members);
        Assert.All(
            members,
            parameter =>
            {
                Assert.Contains("Description", parameter.Value);
                Assert.True(
                    parameter.Value.Contains("Default")
                        || (template == "disa-root-stack.yaml" && parameter.Key is "ArtifactBucket" or "KeyArn"),
                    parameter.Key
                );
                Assert.True(parameter.Value.Overlaps(["AllowedValues", "AllowedPattern", "MinValue", "MinLength"]), parameter.Key);
            }
        );
    }
}
