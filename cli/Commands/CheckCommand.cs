using System.CommandLine;
using Disa.Cli.Deploy;
using Disa.Emulator.Check;

namespace Disa.Cli.Commands;

/// <summary><c>disa check</c>: what is wrong in templates, parameters and state machine, found without any AWS; exit code 1 if something is.</summary>
internal static class CheckCommand
{
    private static readonly Argument<string[]> Files = new("FILE")
    {
        Description = "Templates and state machines, or directories of them (default: Disa's own)",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public static Command Create()
    {
        var command = new Command(
            "check",
            "Check templates, parameters and state machine offline: file, line, column, and what was expected"
        )
        {
            Files,
            DeployOptions.Param,
        };
        command.Does(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellation)
    {
        var given = parsed.GetValue(Files)!;
        IReadOnlyList<string> paths =
            given.Length == 0 ? Checks.Own() : [.. given.SelectMany(path => Directory.Exists(path) ? Checks.Texts(path) : [path])];
        var findings = await Checks.Of(paths, DeployOptions.Parameters(parsed), cancellation).ConfigureAwait(false);
        if (parsed.GetValue(CommonOptions.Json))
        {
            Terminal.Json(findings, CliJson.Readable.IReadOnlyListFinding);
        }
        else
        {
            Print(findings, paths.Count);
        }

        return findings.Any(finding => !finding.IsWarning) ? DisaCommand.DidNotHappen : DisaCommand.Done;
    }

    /// <summary>One line each, as compilers write them: editors jump to the place.</summary>
    public static void Print(IReadOnlyList<Finding> findings, int files)
    {
        foreach (var finding in findings)
        {
            Terminal.Out.Line(Styled.Of(finding.ToString()));
        }

        var wrong = findings.Count(finding => !finding.IsWarning);
        Terminal.Remark(
            findings.Count == 0
                ? (Styled)$"{files} files checked, [green]no problems[/]."
                : (Styled)$"{files} files checked: {wrong} errors, {findings.Count - wrong} warnings."
        );
    }
}
