using Disa.Emulator;

namespace Disa.Cli.Tests;

/// <summary>
/// A stack of Disa's name that another template made, or an emulator without outputs: a sentence says so, no stack trace.
/// </summary>
/// <remarks>moto 5.2.1 leaves out the outputs of stacks that a change set made.</remarks>
public sealed class ForeignStackTests
{
    private const string Template = """{"Resources": {"Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"}}}""";

    private static readonly string[][] Commands =
    [
        ["messages"],
        ["status"],
        ["send", "x"],
        ["audit"],
        ["redrive", "--dry-run"],
        ["break"],
    ];

    [Fact]
    public async Task A_command_names_the_output_that_is_missing()
    {
        await using var aws = await LocalAws.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await aws.DeployTemplateAsync(Template, "disa", cancellationToken: TestContext.Current.CancellationToken);
        var endpoint = await aws.ListenAsync();
        foreach (var command in Commands)
        {
            var ended = await Cli.Pipe([.. command, "--endpoint-url", endpoint.ToString()]);
            Assert.Equal((1, ""), (ended.ExitCode, ended.Output));
            Assert.Contains("the stack 'disa' has no output '", ended.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("unexpected error", ended.Error, StringComparison.Ordinal);
        }
    }
}
