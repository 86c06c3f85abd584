using System.Globalization;
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
    private readonly JsonPath? _itemsPath;
    private readonly Template? _selector;
    private readonly int? _concurrency;
    private readonly JsonPath? _concurrencyPath;
    private readonly JsonataField? _concurrencyField;
    private readonly JsonataTemplate? _items;
    private readonly JsonataField? _itemsField;
    private readonly JsonataTemplate? _itemTemplate;

    public MapState(DefinitionReader reader, string name, HashSet<string> names)
        : base(reader, name, "Map")
    {
        _flow = DataFlow.Read(reader, result: true, selector: true);
        _isJsonata = reader.Language == QueryLanguage.Jsonata;
        _itemsPath = reader.Path("ItemsPath");
        if (reader.Language == QueryLanguage.Jsonata)
        {
            _itemsField = reader.JsonataOnly("Items");
            _items = reader.Jsonata("Items");
            _itemTemplate = reader.Jsonata("ItemSelector");
            CheckItems(reader);
        }
        else
        {
            _selector = reader.Template(reader.Has("ItemSelector") ? "ItemSelector" : "Parameters");
        }

        _concurrencyField = reader.JsonataOnly("MaxConcurrency");
        _concurrency = reader.Integer("MaxConcurrency", 0, TaskState.LongestTimeout);
        _concurrencyPath = reader.Path("MaxConcurrencyPath");
        foreach (
            var field in (ReadOnlySpan<string>)
                [
                    "ItemReader",
                    "ItemBatcher",
                    "ResultWriter",
                    "Label",
                    "ToleratedFailureCount",
                    "ToleratedFailureCountPath",
                    "ToleratedFailurePercentage",
                    "ToleratedFailurePercentagePath",
                ]
        )
        {
            if (reader.Any(field).IsDefined())
            {
                reader.Refuse($"{field} of a distributed Map", field);
            }
        }

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
        var items = Items(input);
        if (items.ValueKind != JsonValueKind.Array)
        {
            throw _isJsonata
                ? new WorkflowException(
                    WorkflowError.QueryEvaluationError,
                    $"Map state input must be an array but was: {JsonataField.TypeOf(items)}",
                    "Items"
                )
                : WorkflowException.Runtime($"Reference path \"{_itemsPath?.Text ?? "$"}\" must point to array.");
        }

        var length = items.GetArrayLength();
        var concurrency = Concurrency(input);
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

    private JsonElement? Selected(Step step, Position position, int index)
    {
        if (_selector is null && _itemTemplate is null)
        {
            return null;
        }

        var scope = step.ItemScope(position, position.Join!.Input, index);
        return _itemTemplate?.Evaluate(scope) ?? _selector!.Evaluate(scope);
    }

    /// <summary>Where the state alone is tested no iteration runs; what each would be given is shown.</summary>
    private void Inspect(Step step, Position position, Inspection inspection)
    {
        if (_selector is not null || _itemTemplate is not null)
        {
            inspection.Note(
                "afterItemSelector",
                Json.Array(Enumerable.Range(0, position.Join!.Length).Select(index => Selected(step, position, index)!.Value))
            );
        }
    }

    private static void CheckItems(DefinitionReader reader)
    {
        var items = reader.Any("Items");
        if (items.IsDefined() && items.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object))
        {
            reader.Wrong("Expected value of type Array", "Items");
        }
        else if (items.ValueKind == JsonValueKind.Object)
        {
            reader.Refuse("Items of a Map that is an object", "Items");
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

    private JsonElement Items(Scope input)
    {
        if (_itemsField is not null || _items is not null)
        {
            return _itemsField?.Evaluate(input, "array") ?? _items!.Evaluate(input);
        }

        try
        {
            return _itemsPath?.Read(input) ?? input.Input;
        }
        catch (PathException) when (_itemsPath is { IsReference: true, Segments: [.., var last] })
        {
            throw new WorkflowException(WorkflowError.ReferencePathConflict, ReferencePath.Conflict(last, input.Input));
        }
    }

    private int Concurrency(Scope input)
    {
        var most = _concurrency ?? _concurrencyField?.Integer(input, 0) ?? 0;
        if (_concurrencyPath is not null)
        {
            var value = WaitState.Referenced(_concurrencyPath, input, "MaxConcurrencyPath");
            most = Whole(value) is >= 0 and var read
                ? read
                : throw WorkflowException.Runtime(
                    $"The MaxConcurrencyPath field refers to value {Json.Compact(value)} which is not a valid integer: {_concurrencyPath.Text}"
                );
        }

        if (input.Moment.Inspection is { } inspection && (_concurrency is not null || most > 0))
        {
            inspection.MaxConcurrency = most;
        }

        return most == 0 ? MostConcurrent : Math.Min(most, MostConcurrent);
    }

    /// <summary>A text that is a number will do (recorded on AWS).</summary>
    private static int? Whole(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Number when value.TryGetInt32(out var number) => number,
            JsonValueKind.String
                when int.TryParse(value.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
            _ => null,
        };

    private static void Mode(DefinitionReader processor)
    {
        var config = processor.Object("ProcessorConfig");
        if (config.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        var inner = processor.Inner("ProcessorConfig", config);
        switch (inner.String("Mode"))
        {
            case null or "INLINE":
                inner.NoOthers();
                break;
            case "DISTRIBUTED":
                inner.Refuse("a distributed Map", "Mode");
                break;
            default:
                inner.Wrong("Value must be one of: [INLINE, DISTRIBUTED]", "Mode");
                break;
        }
    }
}
