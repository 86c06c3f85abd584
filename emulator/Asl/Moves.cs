using System.Text.Json;
using Disa.Asl.Data;
using Disa.Asl.States;

namespace Disa.Asl;

/// <summary>How positions move: into a state, out of it, to the end.</summary>
internal static class Moves
{
    public static void Enter(this Step step, Position position)
    {
        var state = step.StateOf(position);
        var entered = step.Record(
            $"{state.Type}StateEntered",
            position.LastEvent,
            "stateEnteredEventDetails",
            w =>
            {
                w.WriteString("name", state.Name);
                Step.WriteData(w, "input", position.Input);
            }
        );
        position = position with
        {
            EnteredEvent = entered,
            EnteredAfter = position.LastEvent,
            LastEvent = entered,
            Entered = step.Moment.Now,
            Attempts = [],
            RetryCount = 0,
        };
        step.Put(position);
        step.Guard(position.Id, () => state.Run(step, position));
    }

    /// <summary>Leaves the state; null leads to the end of the branch.</summary>
    public static void Exit(this Step step, Position position, JsonElement output, JsonElement assigned, string? next)
    {
        Step.CheckSize(output, position.State);
        output = step.Moment.Inspection is null ? Json.Canonical(output) : output;
        var exited = step.Record(
            $"{step.StateOf(position).Type}StateExited",
            position.LastEvent,
            "stateExitedEventDetails",
            w =>
            {
                w.WriteString("name", position.State);
                Step.WriteData(w, "output", output);
                if (assigned.ValueKind == JsonValueKind.Object && assigned.EnumerateObject().Any())
                {
                    w.WriteStartObject("assignedVariables");
                    foreach (var variable in assigned.EnumerateObject())
                    {
                        w.WriteString(variable.Name, variable.Value.GetRawText());
                    }

                    w.WriteEndObject();
                    w.WriteStartObject("assignedVariablesDetails");
                    w.WriteBoolean("truncated", false);
                    w.WriteEndObject();
                }
            }
        );

        position = position with
        {
            LastEvent = exited,
            Phase = Phase.Enter,
            Input = output,
            Variables = Assign(position.Variables, assigned),
            Due = null,
            Task = null,
            Join = null,
            Map = null,
        };
        if (position.Variables.ValueKind == JsonValueKind.Object && position.Variables.EnumerateObject().Any())
        {
            step.Moment.Inspection?.Note("variables", position.Variables);
        }

        if (next is not null)
        {
            step.Put(position with { State = next, EnteredEvent = 0 });
        }
        else
        {
            Complete(step, position with { Phase = Phase.Done, Output = output });
        }
    }

    /// <summary>Gives up what runs below a state, as its history tells it.</summary>
    /// <param name="each">Called for every child that was still running.</param>
    public static void Abort(this Step step, Position position, long previous, Action<Position> each)
    {
        foreach (var child in step.Positions.Where(p => p.Parent == position.Id && p.Phase is not Phase.Done).ToList())
        {
            step.Abort(child, previous, _ => { });
            if (child.Phase is Phase.Task or Phase.Wait or Phase.Join or Phase.MapRun or Phase.Retry)
            {
                step.Record($"{step.StateOf(child).Type}StateAborted", previous);
            }

            each(child);
        }
    }

    /// <summary>Ends the whole execution from outside, or because it is too long.</summary>
    public static void End(this Step step, string status, string type, string detailsName, long previous, WorkflowError error)
    {
        step.Record(type, previous, detailsName, w => Step.WriteError(w, error));
        step.Remove([.. step.Positions]);
        step.Conclude(new Outcome(status, default, error));
    }

    private static void Complete(Step step, Position position)
    {
        if (position.Parent < 0)
        {
            step.Record(
                "ExecutionSucceeded",
                position.LastEvent,
                "executionSucceededEventDetails",
                w => Step.WriteData(w, "output", position.Output)
            );
            step.Remove([position]);
            step.Conclude(new Outcome(Outcome.Succeeded, position.Output, null));
            return;
        }

        step.Put(position);
        var parent = step.At(position.Parent);
        parent = parent with { Join = parent.Join! with { Finished = parent.Join.Finished + 1 } };
        step.Put(parent);
        step.Guard(parent.Id, () => ((JoiningState)step.StateOf(parent)).Joined(step, parent, position));
    }

    private static JsonElement Assign(JsonElement variables, JsonElement assigned)
    {
        if (assigned.ValueKind != JsonValueKind.Object)
        {
            return variables;
        }

        return Json.Merged(variables.ValueKind == JsonValueKind.Object ? variables : Json.EmptyObject, assigned);
    }
}
