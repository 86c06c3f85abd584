using System.CommandLine;
using System.CommandLine.Completions;

namespace Disa.Cli.Commands;

/// <summary><c>disa completion</c>: a shell's script that completes the command's words by asking the command itself.</summary>
internal static class CompletionCommand
{
    private const string Ask = "__complete";

    private static readonly Argument<string> Shell = new("SHELL") { Description = "bash, zsh or pwsh" };
    private static readonly Argument<string[]> Words = new("WORD") { Arity = ArgumentArity.ZeroOrMore };

    public static Command Create()
    {
        var command = new Command("completion", "Print a completion script for bash, zsh or pwsh: eval \"$(disa completion bash)\"")
        {
            Shell,
        };
        Shell.AcceptOnlyFromAmong("bash", "zsh", "pwsh");
        command.Does(
            (parsed, _) =>
            {
                Terminal.Out.Raw(Script(parsed.GetValue(Shell)!));
                return Task.FromResult(DisaCommand.Done);
            }
        );
        return command;
    }

    /// <summary>What the scripts call: the words so far, the last of them the one to complete.</summary>
    public static Command CreateAsked()
    {
        var command = new Command(Ask) { Words };
        command.Hidden = true;
        command.Does(
            (parsed, _) =>
            {
                foreach (var candidate in Candidates(parsed.GetValue(Words) ?? []))
                {
                    Terminal.Out.Raw(candidate);
                }

                return Task.FromResult(DisaCommand.Done);
            }
        );
        return command;
    }

    /// <summary>What may stand in the place of the last word.</summary>
    public static IEnumerable<string> Candidates(IReadOnlyList<string> words)
    {
        var word = words.Count > 0 ? words[^1] : "";
        var parsed = DisaCommand
            .Root()
            .Parse([.. words.Take(words.Count - 1)], new ParserConfiguration { ResponseFileTokenReplacer = null });
        return parsed
            .GetCompletions()
            .Select(completion => completion.InsertText ?? completion.Label)
            .Where(label =>
                label.StartsWith(word, StringComparison.Ordinal)
                && (word.Length > 0 || !label.StartsWith('-') || words.Count > 1)
                && !label.StartsWith('/')
                && label is not ("-?" or "-h")
            )
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
    }

    private static string Script(string shell) =>
        shell switch
        {
            "bash" => $$"""
                # Completion of disa for bash: eval "$(disa completion bash)"
                _disa() {
                    local IFS=$'\n'
                    COMPREPLY=($("$1" {{Ask}} -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
                }
                complete -o default -F _disa disa ./disa
                """,
            "zsh" => $$"""
                # Completion of disa for zsh: eval "$(disa completion zsh)"
                _disa() {
                    local -a candidates
                    candidates=("${(@f)$("${words[1]}" {{Ask}} -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
                    compadd -- ${candidates:#} || _files
                }
                compdef _disa disa
                """,
            _ => $$"""
                # Completion of disa for PowerShell: disa completion pwsh | Out-String | Invoke-Expression
                Register-ArgumentCompleter -Native -CommandName disa -ScriptBlock {
                    param($wordToComplete, $commandAst, $cursorPosition)
                    $words = @($commandAst.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { "$_" }) + $wordToComplete
                    & $commandAst.CommandElements[0].Value {{Ask}} '--' @words 2>$null | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
                }
                """,
        };
}
