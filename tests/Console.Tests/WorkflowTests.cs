using Amazon.StepFunctions.Model;
using Disa.Operations;
using Disa.WebConsole.Pages;

namespace Disa.WebConsole.Tests;

/// <summary>What an execution's history becomes: states, the way between them, a graph.</summary>
public sealed class WorkflowTests
{
    private static readonly string Definition = File.ReadAllText(
        Path.Combine(Here(), "..", "..", "dispatcher", "state-machine", "state-machine.json")
    );

    [Fact]
    public void States_inside_a_Map_are_a_step_deeper_and_what_follows_it_is_not()
    {
        var steps = WorkflowRun.StepsOf([
            new() { Id = 1, Type = "ExecutionStarted" },
            Entered(2, 0, "Hold", "{}"),
            new()
            {
                Id = 3,
                PreviousEventId = 2,
                MapStateStartedEventDetails = new() { Length = 2 },
            },
            new()
            {
                Id = 4,
                PreviousEventId = 3,
                MapIterationStartedEventDetails = new() { Index = 0 },
            },
            new()
            {
                Id = 5,
                PreviousEventId = 3,
                MapIterationStartedEventDetails = new() { Index = 1 },
            },
            Entered(6, 4, "MarkHeld", "0"),
            Entered(7, 5, "MarkHeld", "1"),
            Exited(8, 7, "MarkHeld", "one"),
            Exited(9, 6, "MarkHeld", "zero"),
            Exited(10, 9, "Hold", "done"),
            Entered(11, 10, "Decided", "done"),
        ]);

        Assert.Equal(["0 Hold", "1 MarkHeld", "1 MarkHeld", "0 Decided"], steps.Select(step => $"{step.Depth} {step.State}"));
        Assert.Equal([null, "Hold", "Hold", "Hold"], steps.Select(step => step.From));
        Assert.Equal(["done", "zero", "one", null], steps.Select(step => step.Output));
    }

    [Fact]
    public void An_error_belongs_to_the_state_whose_attempt_it_ended()
    {
        var steps = WorkflowRun.StepsOf([
            Entered(1, 0, "Send", "{}"),
            new()
            {
                Id = 2,
                PreviousEventId = 1,
                TaskFailedEventDetails = new() { Error = "Lambda.TooManyRequestsException", Cause = "slow down" },
            },
            new()
            {
                Id = 3,
                PreviousEventId = 2,
                TaskFailedEventDetails = new() { Error = "Other" },
            },
            Exited(4, 3, "Send", "{}"),
            Entered(5, 4, "Fail", "{}"),
        ]);

        Assert.Equal(["Lambda.TooManyRequestsException: slow down", "Other"], steps[0].Errors);
        Assert.Equal("Send", steps[1].From);
        Assert.Empty(steps[1].Errors);
    }

    [Fact]
    public void The_graph_of_the_real_workflow_has_each_state_once_no_two_boxes_overlap_and_lines_lead_down_but_for_loops()
    {
        var graph = WorkflowGraph.Of(Definition);
        var layout = new GraphLayout(graph);

        Assert.Equal("ReadBreaker", graph.States[0].Name);
        Assert.Contains(("IsLeaseOver", "WaitForLease"), graph.Edges);
        Assert.Equal(
            [("LeaseOver", "Send"), ("WaitForPace", "ReadBreaker"), ("WaitToSendAgain", "Send")],
            graph.Edges.Where(layout.IsBack).Order()
        );
        foreach (var edge in graph.Edges.Where(edge => !layout.IsBack(edge)))
        {
            Assert.True(layout[edge.To].Y > layout[edge.From].Y, $"{edge.From} to {edge.To}");
        }

        foreach (var (name, _) in graph.States)
        {
            Assert.InRange(layout[name].X, GraphLayout.NodeWidth / 2, layout.Width - (GraphLayout.NodeWidth / 2));
            foreach (var (other, _) in graph.States.Where(other => other.Name != name && layout[other.Name].Y.Equals(layout[name].Y)))
            {
                Assert.True(Math.Abs(layout[name].X - layout[other].X) >= GraphLayout.NodeWidth, $"{name} and {other}");
            }
        }
    }

    private static HistoryEvent Entered(long id, long previous, string name, string input) =>
        new()
        {
            Id = id,
            PreviousEventId = previous,
            Timestamp = DateTime.UnixEpoch.AddSeconds(id),
            StateEnteredEventDetails = new() { Name = name, Input = input },
        };

    private static HistoryEvent Exited(long id, long previous, string name, string output) =>
        new()
        {
            Id = id,
            PreviousEventId = previous,
            Timestamp = DateTime.UnixEpoch.AddSeconds(id),
            StateExitedEventDetails = new() { Name = name, Output = output },
        };

    private static string Here([System.Runtime.CompilerServices.CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
