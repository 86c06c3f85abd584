#pragma warning disable RS0030 // The one place that writes to a console.
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace Disa.Cli.Output;

/// <summary>What people and programs see: data on standard output; progress, remarks and errors on standard error.</summary>
internal static class Terminal
{
    /// <summary>In a pipe a line says what is in progress: the first after this long, the next ones ever less often.</summary>
    private static readonly TimeSpan FirstLine = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FurtherLines = TimeSpan.FromSeconds(10);

    private static readonly bool TakesColors = HasColors();

    /// <summary>Changes the words of the spinner that turns now; null where none does. A terminal can show one only.</summary>
    private static Action<string>? spinning;

    public static TextOutput Out { get; } = new(Console.Out, !Console.IsOutputRedirected, TakesColors);

    public static TextOutput Error { get; } = new(Console.Error, !Console.IsErrorRedirected, TakesColors);

    /// <summary>Whether a program reads: each line on standard error is a JSON object then.</summary>
    public static bool IsJson { get; set; }

    /// <summary>The command as it was called, for hints.</summary>
    public static string Command => CommandName.Current;

    public static void Json<T>(T value, JsonTypeInfo<T> type) => Out.Raw(Shown.Json(JsonSerializer.Serialize(value, type)));

    /// <summary>A line to a person.</summary>
    public static void Remark(Styled text)
    {
        if (IsJson)
        {
            Notice(new Notice { Remark = text.Plain });
        }
        else
        {
            Error.Line(text);
        }
    }

    /// <summary>Why the command did not do what it was asked to.</summary>
    /// <param name="code">Stays the same when the words change: Usage, Unreachable, Failed, Interrupted, Unexpected, or AWS's own code.</param>
    /// <param name="sentence">One sentence.</param>
    public static void Fail(string code, string sentence)
    {
        if (IsJson)
        {
            Notice(new Notice { Error = sentence, Code = code });
        }
        else
        {
            // Never wrapped: one sentence is one line, on a terminal too.
            Error.Raw("disa: " + Shown.Line(sentence));
        }
    }

    /// <summary>Where an error came from, for whoever asked to see it.</summary>
    public static void Details(string text) => Error.Raw(Shown.Block(text));

    /// <summary>Shows that something is in progress, where it takes longer than a second; within another such thing, in its place.</summary>
    public static async Task<T> Progress<T>(string what, Func<Action<string>, Task<T>> work)
    {
        if (Error.HasColors && !IsJson)
        {
            if (Volatile.Read(ref spinning) is { } say)
            {
                say(what);
                return await work(say).ConfigureAwait(false);
            }

            return await Error
                .Console.Status()
                .Spinner(Spinner.Known.Dots)
                .StartAsync(
                    Styled.Of(what).Markup,
                    async context =>
                    {
                        Volatile.Write(ref spinning, text => context.Status = Styled.Of(text).Markup);
                        try
                        {
                            return await work(Volatile.Read(ref spinning)!).ConfigureAwait(false);
                        }
                        finally
                        {
                            Volatile.Write(ref spinning, null);
                        }
                    }
                )
                .ConfigureAwait(false);
        }

        var latest = what;
        string? said = null;
        await using var timer = TimeProvider
            .System.CreateTimer(
                _ =>
                {
                    var text = Volatile.Read(ref latest);
                    if (text != Interlocked.Exchange(ref said, text))
                    {
                        Say(text);
                    }
                },
                null,
                FirstLine,
                FurtherLines
            )
            .ConfigureAwait(false);
        return await work(text => Volatile.Write(ref latest, text)).ConfigureAwait(false);
    }

    /// <summary>Shows how far something is that has an end.</summary>
    /// <param name="what">What is in progress.</param>
    /// <param name="end">How far it goes.</param>
    /// <param name="work">Tells each step.</param>
    public static async Task<T> Bar<T>(string what, double end, Func<Action<double>, Task<T>> work)
    {
        if (!Error.HasColors || IsJson || Volatile.Read(ref spinning) is not null)
        {
            var done = 0d;
            return await Progress(what, say => work(step => say($"{what}: {Math.Round(100 * (done += step) / Math.Max(1, end))} %")))
                .ConfigureAwait(false);
        }

        return await Error
            .Console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var task = context.AddTask(Styled.Of(what).Markup, maxValue: Math.Max(1, end));
                return await work(task.Increment).ConfigureAwait(false);
            })
            .ConfigureAwait(false);
    }

    /// <summary>Whether someone is there to answer a question.</summary>
    public static bool CanAsk => !IsJson && !Console.IsInputRedirected && !Console.IsErrorRedirected;

    public static Task<bool> Ask(Styled question, CancellationToken cancellation) =>
        Error.Console.ConfirmAsync(question.Markup, defaultValue: false, cancellation);

    /// <summary>A line that someone types; empty where nothing was typed.</summary>
    public static Task<string> Prompt(Styled question, CancellationToken cancellation) =>
        Error.Console.PromptAsync(new TextPrompt<string>(question.Markup).AllowEmpty(), cancellation);

    /// <summary>All of standard input.</summary>
    public static byte[] InputBytes()
    {
        using var input = Console.OpenStandardInput();
        using var bytes = new MemoryStream();
        input.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static bool HasColors()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")))
        {
            return Environment.GetEnvironmentVariable("TERM") != "dumb";
        }

        // The runtime itself sets up a terminal's keypad with an escape sequence, but not one that it takes for a dumb one.
        Environment.SetEnvironmentVariable("TERM", "dumb");
        return false;
    }

    private static void Say(string text)
    {
        if (IsJson)
        {
            Notice(new Notice { Progress = text });
        }
        else
        {
            Error.Raw(Shown.Line(text) + " ...");
        }
    }

    private static void Notice(Notice notice) => Error.Raw(Shown.Json(JsonSerializer.Serialize(notice, NoticeJson.Default.Notice)));
}
