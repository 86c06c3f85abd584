using System.Globalization;
using System.Text;

namespace Disa.Cli.Tests;

/// <summary>The command as a process: in a pipe, and on a pseudo-terminal.</summary>
internal static class Cli
{
    /// <summary>A terminal that knows colours, as most do; a pipe inherits it all the same.</summary>
    private static readonly Dictionary<string, string> Terminal = new() { ["TERM"] = "xterm-256color" };

    public static Task<Ended> Pipe(string[] arguments, IReadOnlyDictionary<string, string>? environment = null, string? directory = null) =>
        Program.Run(Program.DisaPath, arguments, With(environment), directory);

    /// <summary>What a person at a terminal sees is all in the output.</summary>
    public static async Task<Ended> Pty(
        string[] arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        string? directory = null
    )
    {
        var python = Program.OnPath("python3");
        Assert.SkipWhen(python is null || OperatingSystem.IsWindows(), "There is no python3 to make a pseudo-terminal with.");
        return await Program.Run(
            python!,
            [Path.Combine(AppContext.BaseDirectory, "terminal.py"), Program.DisaPath, .. arguments],
            With(environment),
            directory
        );
    }

    /// <summary>Without the sequences that a terminal obeys and that this program may write: colours, and a spinner's cursor movements.</summary>
    public static string WithoutOwnSequences(string text)
    {
        var kept = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            // Before a spinner's movement the cursor goes to the line's start; the keypad is set up by the runtime.
            if (
                (text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\u001b')
                || (text[i] == '\u001b' && i + 1 < text.Length && text[i + 1] is ('=' or '>'))
            )
            {
                i += text[i] == '\r' ? 0 : 1;
                continue;
            }

            if (text[i] == '\u001b' && i + 1 < text.Length && text[i + 1] == '[')
            {
                var end = i + 2;
                while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] is ';' or '?'))
                {
                    end++;
                }

                var parameters = text[(i + 2)..Math.Min(end, text.Length)];
                var isOwn =
                    end < text.Length
                    && (
                        text[end] switch
                        {
                            'm' => true,
                            'A' or 'B' or 'G' or 'K' => parameters is "" or "1" or "2",
                            'h' or 'l' => parameters is "?25" or "?1",
                            _ => false,
                        }
                    );
                if (isOwn)
                {
                    i = end;
                    continue;
                }
            }

            kept.Append(text[i]);
        }

        return kept.ToString();
    }

    /// <summary>The characters of a text that a terminal would obey, or that would show it otherwise than it is; line ends are no such.</summary>
    public static IReadOnlyList<string> Obeyed(string text) =>
        [
            .. WithoutOwnSequences(text)
                .Replace("\r\n", "\n", StringComparison.Ordinal)
                .EnumerateRunes()
                .Where(rune =>
                    rune.Value is not '\n'
                    && Rune.GetUnicodeCategory(rune)
                        is UnicodeCategory.Control
                            or UnicodeCategory.Format
                            or UnicodeCategory.LineSeparator
                            or UnicodeCategory.ParagraphSeparator
                )
                .Where(rune => rune.Value is not '\n')
                .Select(rune => $"U+{rune.Value:X4}")
                .Distinct(),
        ];

    /// <summary>What was said on standard error, without the lines that tell of something that takes long.</summary>
    public static IReadOnlyList<string> Said(Ended ended) =>
        [
            .. ended
                .Error.TrimEnd()
                .Split('\n')
                .Where(line =>
                    !line.EndsWith(" ...", StringComparison.Ordinal) && !line.StartsWith("{\"progress\"", StringComparison.Ordinal)
                ),
        ];

    private static Dictionary<string, string> With(IReadOnlyDictionary<string, string>? environment)
    {
        var all = new Dictionary<string, string>(Terminal);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            all[name] = value;
        }

        return all;
    }
}
