using System.CommandLine;
using System.CommandLine.Parsing;

namespace Disa.Cli;

/// <summary>What the parser takes for a text though its writer meant an option is refused: a mistyped option must not become a message.</summary>
internal static class CommandLine
{
    /// <summary>Further away than this a word is another word.</summary>
    private const int Near = 3;

    /// <summary>Why the arguments cannot be meant, in a sentence; null where they can.</summary>
    public static string? WhyNot(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        foreach (var token in parsed.Tokens)
        {
            if (token.Type == TokenType.DoubleDash)
            {
                break;
            }

            if (token.Type == TokenType.Argument && IsOption(token.Value))
            {
                return NoOption(token.Value, command);
            }
        }

        if (parsed.UnmatchedTokens is [var unmatched, ..] && command.Subcommands.Count > 0)
        {
            var near = Nearest(unmatched, command.Subcommands.Where(one => !one.Hidden).Select(one => one.Name));
            return $"unknown command '{unmatched}'{(near is null ? "." : $"; did you mean '{near}'?")} {CommandName.Current} --help lists them.";
        }

        return parsed.Errors.Count == 0
            ? null
            : $"{string.Join(' ', parsed.Errors[0].Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))} ({Help(command)} shows how)";
    }

    /// <summary>A switch takes no value: what follows <c>--wait</c> is a text, whatever it says.</summary>
    public static void LetSwitchesStandAlone(Command command)
    {
        foreach (var option in command.Options.OfType<Option<bool>>())
        {
            option.Arity = ArgumentArity.Zero;
        }

        foreach (var below in command.Subcommands)
        {
            LetSwitchesStandAlone(below);
        }
    }

    /// <summary>A number may be negative, <c>-</c> is standard input, and a list in a text may start with a dash and a space.</summary>
    private static bool IsOption(string text) => text is ['-', '-', ..] or ['-', not (' ' or (>= '0' and <= '9')), ..];

    private static string NoOption(string text, Command command)
    {
        var name = text.Split('=', 2)[0];
        var near = Nearest(
            name,
            Parents(command)
                .SelectMany(one => one.Options)
                .Where(option => !option.Hidden)
                .SelectMany(option => option.Aliases.Append(option.Name))
        );
        var takesTexts = command.Arguments.Count > 0;
        return $"unknown option '{name}'{(near is null ? "." : $"; did you mean '{near}'?")} "
            + (takesTexts ? $"A text that starts with a dash goes after --, as in `{Call(command)} -- \"{text}\"`. " : "")
            + $"{Help(command)} lists the options.";
    }

    private static string Call(Command command) =>
        string.Join(' ', Parents(command).Reverse().Skip(1).Select(one => one.Name).Prepend(CommandName.Current));

    private static string Help(Command command) => Call(command) + " --help";

    private static IEnumerable<Command> Parents(Command command)
    {
        for (var one = command; one is not null; one = one.Parents.OfType<Command>().FirstOrDefault())
        {
            yield return one;
        }
    }

    private static string? Nearest(string word, IEnumerable<string> words) =>
        words
            .Distinct(StringComparer.Ordinal)
            .Select(one =>
                (Word: one, Distance: word.Length > Near && one.StartsWith(word, StringComparison.Ordinal) ? 1 : Distance(word, one))
            )
            .Where(pair => pair.Distance <= Math.Min(Near, Math.Max(1, word.TrimStart('-').Length / 2)))
            .OrderBy(pair => pair.Distance)
            .ThenBy(pair => pair.Word, StringComparer.Ordinal)
            .Select(pair => pair.Word)
            .FirstOrDefault();

    /// <summary>How many letters have to be changed, added or taken away.</summary>
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (from[i - 1] == to[j - 1] ? 0 : 1)));
            }
        }

        return row[^1];
    }
}
