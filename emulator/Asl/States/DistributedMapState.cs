using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Disa.Asl.Data;

namespace Disa.Asl.States;

/// <summary>Runs a child execution for each item, or for each batch of items: a Map run.</summary>
/// <remarks>https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html</remarks>
public sealed class DistributedMapState : State
{
    /// <summary>Where an item is from that is part of the state's input.</summary>
    private const string StateData = "STATE_DATA";

    private const int LabelLimit = 40;

    private static readonly string[] Bodies = ["ItemProcessor", "Iterator"];

    private readonly DataFlow _flow;
    private readonly bool _isJsonata;
    private readonly MapInput _input;
    private readonly ItemReader? _reader;
    private readonly ItemBatcher? _batcher;
    private readonly ResultWriter? _writer;
    private readonly Branch? _processor;
    private readonly string? _label;

    internal DistributedMapState(DefinitionReader reader, string name, HashSet<string> names)
        : base(reader, name, "Map")
    {
        Location = reader.Location;
        _flow = DataFlow.Read(reader, result: true, selector: true);
        _isJsonata = reader.Language == QueryLanguage.Jsonata;
        _input = new MapInput(reader, takesObjects: true);
        _reader = ItemReader.Read(reader);
        _batcher = ItemBatcher.Read(reader);
        _writer = ResultWriter.Read(reader);
        _label = reader.String("Label");
        if (_label is not null && (_label.Length is 0 or > LabelLimit || _label.Any(IsForbidden)))
        {
            reader.Wrong($"The value must be at most {LabelLimit} characters without white space, wildcards and brackets", "Label");
        }

        Retriers = Retrier.ReadAll(reader);
        Catchers = Catcher.ReadAll(reader);
        var body = Bodies.First(reader.Has);
        var inner = reader.Inner(body, reader.Object(body));
        Config(inner);
        _processor = Branch.Read(inner, names);
        inner.NoOthers();
    }

    /// <summary>Where the definition has this state.</summary>
    public string Location { get; }

    /// <summary>Whether the child executions are EXPRESS.</summary>
    public bool IsExpress { get; private set; }

    /// <summary>Whether a ResultWriter makes something else of the results.</summary>
    public bool WritesResults => _writer is not null;

    internal override bool CanRetry => true;

    internal override IReadOnlyList<Branch> Branches => _processor is null ? [] : [_processor];

    internal override IReadOnlyList<Retrier> Retriers { get; }

    internal override IReadOnlyList<Catcher> Catchers { get; }

    internal override IEnumerable<Transition> Transitions =>
        base.Transitions.Concat(Catchers.Select((rule, i) => new Transition($"Catch[{i}]/Next", rule.Next)));

    /// <summary>Its own, or one that is always the same for the machine.</summary>
    public string LabelIn(string machine) =>
        _label ?? new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{machine}#{Name}")).AsSpan(0, 16)).ToString();

    /// <summary>The older Iterator may be distributed too (recorded on AWS).</summary>
    internal static bool IsMeant(DefinitionReader reader) =>
        Bodies.FirstOrDefault(reader.Has) is { } body
        && reader.Source.TryGetProperty(body, out var processor)
        && processor.ValueKind == JsonValueKind.Object
        && processor.TryGetProperty("ProcessorConfig", out var config)
        && config.ValueKind == JsonValueKind.Object
        && config.TryGetProperty("Mode", out var mode)
        && mode.ValueKind == JsonValueKind.String
        && mode.GetString() == "DISTRIBUTED";

    internal override void Run(Step step, Position position)
    {
        var scope = step.Scope(position);
        var input = scope.With(_flow.Input(scope));
        var (items, isKeyed) = _reader is null ? _input.Items(input) : default;
        var order = Order(step, input);
        if (_isJsonata)
        {
            order = Tolerating(order, input);
        }

        if (items.IsDefined() && !_isJsonata)
        {
            step.Moment.Inspection?.Note("afterItemsPath", items);
        }

        var started = step.Record(
            "MapStateStarted",
            position.LastEvent,
            "mapStateStartedEventDetails",
            w => w.WriteNumber("length", items.IsDefined() ? items.GetArrayLength() : 0)
        );
        position = position with { Phase = Phase.MapRun, LastEvent = started, Due = null };
        step.Put(position);
        if (!_isJsonata)
        {
            // What the paths of the tolerance refer to is looked at once the state has started (recorded on AWS).
            order = Tolerating(order, input);
        }

        if (step.Moment.Inspection is { } inspection)
        {
            Inspect(
                step,
                position,
                order,
                inspection,
                _reader is null ? Held(items, isKeyed) : inspection.ReadItems?.Invoke(order.Reader!)
            );
            return;
        }

        var children = _reader is null ? Children(step, position, order, Held(items, isKeyed)) : null;
        var run = step.Record("MapRunStarted", started, "mapRunStartedEventDetails", w => w.WriteString("mapRunArn", order.Arn));
        order = order with { Id = run };
        step.Put(position with { Map = order, LastEvent = run });
        step.Start(new MapStart(position.Id, order, children));
    }

    /// <summary>The items are there.</summary>
    internal void Read(Step step, Position position, IReadOnlyList<MapItem> items)
    {
        try
        {
            step.Start(new MapStart(position.Id, position.Map!, Children(step, position, position.Map!, items)));
        }
        catch (WorkflowException failure)
        {
            Ended(step, position, default, new WorkflowError(failure.Error, failure.Message));
        }
        catch (PathException missing)
        {
            Ended(step, position, default, new WorkflowError(WorkflowError.Runtime, $"Invalid path '{missing.Path}' : {missing.Message}"));
        }
    }

    internal void Ended(Step step, Position position, JsonElement result, WorkflowError? error)
    {
        if (error is not null)
        {
            var failed = step.Record("MapRunFailed", position.LastEvent, "mapRunFailedEventDetails", w => Step.WriteError(w, error));
            step.Put(position with { LastEvent = failed });
            step.Fail(position.Id, error, "MapStateFailed");
            return;
        }

        var succeeded = step.Record("MapRunSucceeded", position.LastEvent);
        position = position with { LastEvent = succeeded, Map = null };
        step.Put(position);
        Step.CheckSize(result, Name);
        step.Record("MapStateSucceeded", succeeded);
        var (output, assigned) = _flow.Output(step.Scope(position), result);
        step.Exit(position, output, assigned, Next);
    }

    /// <summary>The Map run goes on with the items that it did not succeed with.</summary>
    internal static void Redrive(Step step, Position position)
    {
        var order = position.Map! with { Redrives = position.Map.Redrives + 1 };
        var redriven = step.Record(
            "MapRunRedriven",
            position.LastEvent,
            "mapRunRedrivenEventDetails",
            w =>
            {
                w.WriteString("mapRunArn", order.Arn);
                w.WriteNumber("redriveCount", order.Redrives);
            }
        );
        order = order with { Id = redriven };
        step.Put(position with { Phase = Phase.MapRun, Map = order, LastEvent = redriven });
        step.Start(new MapStart(position.Id, order, null));
    }

    /// <summary>A test says what came of the Map run.</summary>
    internal void Answered(Step step, Position position, JsonElement result, WorkflowError? error)
    {
        // Where nothing says how many may fail, a test's count of failures means nothing (recorded on AWS).
        if (
            error is null
            && position.Map is { ToleratedFailureCount: > 0 } or { ToleratedFailurePercentage: > 0 }
            && step.Moment.Inspection is { } inspection
            && position.Map.IsExceeded(inspection.FailedItems, inspection.Items)
        )
        {
            error = WorkflowError.Exceeded;
        }

        if (error is not null)
        {
            step.Fail(position.Id, error, "MapStateFailed");
            return;
        }

        var (output, assigned) = _flow.Output(step.Scope(position), result);
        step.Exit(position, output, assigned, Next);
    }

    /// <summary>Where the state alone is tested no child execution runs; what each would be given is shown.</summary>
    private void Inspect(Step step, Position position, MapOrder order, Inspection inspection, IReadOnlyList<MapItem>? items)
    {
        if (order.ToleratedFailureCount > 0)
        {
            inspection.ToleratedFailureCount = order.ToleratedFailureCount;
        }

        if (order.ToleratedFailurePercentage > 0)
        {
            inspection.ToleratedFailurePercentage = order.ToleratedFailurePercentage;
        }

        if (order.Reader?.ItemsPointer is not null && items is not null)
        {
            inspection.Note("afterItemsPointer", Json.Array(items.Select(item => item.Value)));
        }

        inspection.Items = items?.Count ?? 0;
        step.Put(position with { Map = order });
        if (items is not null)
        {
            Children(step, position, order, items);
        }
    }

    private MapOrder Order(Step step, Scope input)
    {
        var machine = step.Facts.StateMachineArn.Split('/')[0];
        var label = LabelIn(machine);
        var id = new byte[16];
        step.Moment.Random.NextBytes(id);
        return new MapOrder
        {
            Arn = $"{machine.Replace(":stateMachine:", ":mapRun:", StringComparison.Ordinal)}/{label}:{new Guid(id)}",
            State = Name,
            Label = label,
            IsExpress = IsExpress,
            Reader = _reader?.Order(input),
            Writer = _writer?.Order(input),
            Batch = _batcher?.Order(input),
            Input = input.Input,
            MaxConcurrency = _input.Concurrency(input),
        };
    }

    private MapOrder Tolerating(MapOrder order, Scope input) =>
        order with
        {
            ToleratedFailureCount = _input.Tolerance.Count(input),
            ToleratedFailurePercentage = _input.Tolerance.Percentage(input),
        };

    private List<ChildInput> Children(Step step, Position position, MapOrder order, IReadOnlyList<MapItem> items)
    {
        var selected = items.Select(
            (item, index) =>
                _input.HasSelector
                    ? _input
                        .Selected(step.ItemScope(position, order.Input, new ItemAtHand(index, item.Value, item.Key, item.Source)))!
                        .Value
                : item.Key is null ? item.Value
                : Pair(item)
        );
        if (step.Moment.Inspection is { } inspection && _input.HasSelector)
        {
            inspection.Note("afterItemSelector", Json.Array(selected));
        }

        var children = order.Batch is null
            ? selected.Select(item => new ChildInput(item, 1)).ToList()
            : [.. ItemBatcher.Batches(order.Batch, selected)];
        foreach (var child in children)
        {
            Step.CheckSize(child.Input, Name);
        }

        if (order.Batch is not null)
        {
            step.Moment.Inspection?.Note("afterItemBatcher", Json.Array(children.Select(child => child.Input)));
        }

        return children;
    }

    private static List<MapItem> Held(JsonElement items, bool isKeyed) =>
        [
            .. items
                .EnumerateArray()
                .Select(item =>
                    isKeyed
                        ? new MapItem(item.GetProperty("Value"), item.GetProperty("Key").GetString(), StateData)
                        : new MapItem(item, null, StateData)
                ),
        ];

    private static JsonElement Pair(MapItem item) =>
        Json.Write(w =>
        {
            w.WriteStartObject();
            w.WriteString("Key", item.Key);
            w.WritePropertyName("Value");
            item.Value.WriteTo(w);
            w.WriteEndObject();
        });

    private void Config(DefinitionReader processor)
    {
        var config = processor.Inner("ProcessorConfig", processor.Object("ProcessorConfig"));
        config.Any("Mode");
        config.Require("ExecutionType");
        var type = config.String("ExecutionType");
        IsExpress = type == "EXPRESS";
        if (type is not (null or "STANDARD" or "EXPRESS"))
        {
            config.Wrong("Value must be one of: [STANDARD, EXPRESS]", "ExecutionType");
        }

        config.NoOthers();
    }

    private static bool IsForbidden(char character) =>
        char.IsWhiteSpace(character)
        || char.IsControl(character)
        || "?*<>{}[]:;,\\|^~$#%&`\"/".Contains(character, StringComparison.Ordinal);
}
