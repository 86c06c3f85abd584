using System.Text.Json;
using Disa.Asl.Data;

namespace Disa.Asl.States;

/// <summary>Runs the same states for each item of an array.</summary>
internal sealed class MapState : JoiningState
{
    /// <summary>An inline Map runs at most 40 iterations at a time.</summary>
    private const int MostConcurrent = 40;

    private readonly DataFlow _flow;
    private readonly Branch? _processor;
    private readonly bool _isJsonata;
    private readonly MapInput _input;

    public MapState(DefinitionReader reader, string name, HashSet<string> names)
        : base(reader, name, "Map")
    {
        _flow = DataFlow.Read(reader, result: true, selector: true);
        _isJsonata = reader.Language == QueryLanguage.Jsonata;
        _input = new MapInput(reader, takesObjects: false);
        foreach (var field in (ReadOnlySpan<string>)["ItemReader", "ItemBatcher", "ResultWriter"])
        {
            if (reader.Any(field).IsDefined())
            {
                reader.Refuse($"{field} of a Map that is not distributed", field);
            }
        }

        // Means nothing here, and is allowed.
        reader.String("Label");
        var body = reader.Has("Iterator") ? "Iterator" : "ItemProcessor";
        reader.Require(body);
        var source = reader.Object(body);
        if (source.ValueKind == JsonValueKind.Object)
        {
            var inner = reader.Inner(body, source);
            Mode(inner);
            _processor = Branch.Read(inner, names);
            inner.NoOthers();
        }
    }

    private protected override DataFlow Flow => _flow;

    internal override IReadOnlyList<Branch> Branches => _processor is null ? [] : [_processor];

    internal override Branch BranchOf(int index) => _processor!;

    internal override void Run(Step step, Position position)
    {
        var scope = step.Scope(position);
        var input = scope.With(_flow.Input(scope));
        var (items, _) = _input.Items(input);
        var length = items.GetArrayLength();
        var concurrency = _input.Concurrency(input) is > 0 and < MostConcurrent and var most ? most : MostConcurrent;
        _input.Tolerance.Count(input);
        _input.Tolerance.Percentage(input);
        if (!_isJsonata)
        {
            step.Moment.Inspection?.Note("afterItemsPath", items);
        }

        var started = step.Record(
            "MapStateStarted",
            position.LastEvent,
            "mapStateStartedEventDetails",
            w => w.WriteNumber("length", length)
        );
        position = position with
        {
            Phase = Phase.Join,
            LastEvent = started,
            Due = null,
            Join = new Join
            {
                Length = length,
                Items = items,
                Input = input.Input,
            },
        };
        step.Put(position);
        if (step.Moment.Inspection is { } inspection)
        {
            Inspect(step, position, inspection);
            return;
        }

        if (length == 0)
        {
            Finish(step, position, started);
            return;
        }

        for (var i = Math.Min(length, concurrency); i > 0; i--)
        {
            position = Iterate(step, position, started);
        }
    }

    internal override void Joined(Step step, Position position, Position child)
    {
        var done = Iteration(step, "Succeeded", child.LastEvent, child.Index);
        if (position.Join!.Finished == position.Join.Length)
        {
            Finish(step, position, done);
        }
        else if (position.Join.Started < position.Join.Length)
        {
            Iterate(step, position, child.LastEvent);
        }
        else
        {
            step.Put(position);
        }
    }

    internal override void Broken(Step step, Position position, Position child, WorkflowError error)
    {
        Iteration(step, "Failed", child.LastEvent, child.Index);
        step.Abort(position, child.LastEvent, other => Iteration(step, "Aborted", child.LastEvent, other.Index));
        step.Put(position with { LastEvent = child.LastEvent, Join = null });
        step.Fail(position.Id, error, "MapStateFailed");
    }

    private void Finish(Step step, Position position, long previous)
    {
        var result = step.Collect(position);
        step.Record("MapStateSucceeded", previous);
        position = position with { LastEvent = previous, Join = null };
        step.Put(position);
        var (output, assigned) = _flow.Output(step.Scope(position), result);
        step.Exit(position, output, assigned, Next);
    }

    private Position Iterate(Step step, Position position, long previous)
    {
        var index = position.Join!.Started;
        position = position with { Join = position.Join with { Started = index + 1 } };
        step.Put(position);
        var started = Iteration(step, "Started", previous, index);
        var item = position.Join.Items[index];
        var input = Selected(step, position, index) ?? item;
        Step.CheckSize(input, Name);
        step.Add(position, index, _processor!.StartAt, input, started);
        return position;
    }

    private JsonElement? Selected(Step step, Position position, int index) =>
        _input.HasSelector ? _input.Selected(step.ItemScope(position, position.Join!.Input, index)) : null;

    /// <summary>Where the state alone is tested no iteration runs; what each would be given is shown.</summary>
    private void Inspect(Step step, Position position, Inspection inspection)
    {
        if (_input.HasSelector)
        {
            inspection.Note(
                "afterItemSelector",
                Json.Array(Enumerable.Range(0, position.Join!.Length).Select(index => Selected(step, position, index)!.Value))
            );
        }
    }

    private long Iteration(Step step, string how, long previous, int index) =>
        step.Record(
            $"MapIteration{how}",
            previous,
            $"mapIteration{how}EventDetails",
            w =>
            {
                w.WriteString("name", Name);
                w.WriteNumber("index", index);
            }
        );

    private static void Mode(DefinitionReader processor)
    {
        var config = processor.Object("ProcessorConfig");
        if (config.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        var inner = processor.Inner("ProcessorConfig", config);
        if (inner.String("Mode") is not (null or "INLINE"))
        {
            inner.Wrong("Value must be one of: [INLINE, DISTRIBUTED]", "Mode");
        }

        inner.NoOthers();
    }
}
