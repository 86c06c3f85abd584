using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Disa.Asl.Tests;

/// <summary>Every folder of scenarios/: a machine, an input, scripted tasks, and the history that AWS would show.</summary>
public sealed class ScenarioTests
{
    public static TheoryData<string> Scenarios()
    {
        var names = new TheoryData<string>();
        foreach (var folder in Directory.GetDirectories(Path.Combine(AppContext.BaseDirectory, "scenarios")).Order(StringComparer.Ordinal))
        {
            names.Add(Path.GetFileName(folder));
        }

        return names;
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Its_history_is_the_recorded_one(string scenario) => Assert.Equal(Expected(scenario), Run(scenario, putDown: false));

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Putting_it_down_between_any_two_decisions_changes_nothing(string scenario) =>
        Assert.Equal(Run(scenario, putDown: false), Run(scenario, putDown: true));

    private static string Run(string scenario, bool putDown)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "scenarios", scenario);
        var machine = StateMachine.Parse(File.ReadAllText(Path.Combine(folder, "machine.asl.json")));
        var input = JsonElement.Parse(File.ReadAllText(Path.Combine(folder, "input.json")).TrimEnd());
        var tasks = Path.Combine(folder, "tasks.json");
        var script = File.Exists(tasks) ? JsonElement.Parse(File.ReadAllText(tasks)) : default;
        return Text(new Simulation(machine, input, script, putDown).ToItsEnd().Events);
    }

    /// <summary>A history that is not there yet is written, to be read and kept.</summary>
    private static string Expected(string scenario, [CallerFilePath] string here = "")
    {
        var file = Path.Combine(Path.GetDirectoryName(here)!, "scenarios", scenario, "history.json");
        if (!File.Exists(file))
        {
            File.WriteAllText(file, Run(scenario, putDown: false));
            Assert.Fail($"{file} was missing and has been written: read it, and keep it if it is right.");
        }

        return File.ReadAllText(file);
    }

    /// <summary>One event a line; <c>at</c> is the seconds since the start.</summary>
    private static string Text(List<HistoryEvent> events)
    {
        var lines = events.Select(happened =>
        {
            using var stream = new MemoryStream();
            using (var w = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            {
                w.WriteStartObject();
                w.WriteNumber("id", happened.Id);
                w.WriteNumber("previousEventId", happened.PreviousEventId);
                w.WriteString("at", (happened.Timestamp - Simulation.Began).TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture));
                w.WriteString("type", happened.Type);
                if (happened.DetailsName is not null)
                {
                    w.WritePropertyName(happened.DetailsName);
                    happened.Details.WriteTo(w);
                }

                w.WriteEndObject();
            }

            var line = Encoding.UTF8.GetString(stream.ToArray());
            return line.Length < 4_000 ? line : line[..200] + "…" + line[^200..];
        });
        return "[\n" + string.Join(",\n", lines) + "\n]\n";
    }
}
