using Disa.Emulator.Aws;

namespace Disa.Emulator.Tests.StepFunctions;

/// <summary>JSONata through the wire; what each state makes of it is told by the scenarios of Asl.Tests.</summary>
public sealed class JsonataTests
{
    private const string Machine = """
        {"QueryLanguage":"JSONata","StartAt":"A","States":{
          "A":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Arguments":{"FunctionName":"f","Payload":"{% $states.input %}"},
               "Assign":{"got":"{% $states.result.Payload.got %}"},"Output":"{% $states.result.StatusCode %}","Next":"B"},
          "B":{"Type":"Pass","Output":{"got":"{% $got %}","status":"{% $states.input %}","by":"{% $states.context.Execution.Name %}"},"End":true}}}
        """;

    [Fact]
    public async Task A_machine_in_JSONata_runs()
    {
        await using var bench = Bench.Open(Bench.Function((payload, _) => Bench.Answer($$"""{"got":{{payload}}}""")));
        var machine = await bench.Create(Machine);
        var execution = await bench.Start(machine, """{"a":1}""");

        Assert.Equal("""{"got":{"a":1},"status":200,"by":"run"}""", (await bench.Describe(execution)).GetProperty("output").GetString());
        var shown = await bench.Call("DescribeStateMachine", $$"""{"stateMachineArn":"{{machine}}"}""");
        Assert.Equal("""{"B":["got"]}""", shown.GetProperty("variableReferences").GetRawText());
    }

    [Fact]
    public async Task An_expression_that_fails_is_an_event_and_the_executions_end()
    {
        await using var bench = Bench.Open();
        var execution = await bench.Start(
            await bench.Create(
                """{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Pass","Output":{"v":"{% $states.input.none %}"},"End":true}}}"""
            )
        );

        Assert.Equal(
            ["ExecutionStarted 1<0", "PassStateEntered 2<0", "EvaluationFailed 3<0", "ExecutionFailed 4<3"],
            await bench.Events(execution)
        );
        Assert.Equal("States.QueryEvaluationError", (await bench.Describe(execution)).GetProperty("error").GetString());
    }

    [Fact]
    public async Task A_definition_that_AWS_would_refuse_is_refused()
    {
        await using var bench = Bench.Open();

        var refused = await Assert.ThrowsAsync<AwsException>(() =>
            bench.Create("""{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Pass","Output":"{% 1 + %}","End":true}}}""")
        );

        Assert.Equal(
            "Invalid State Machine Definition: 'INVALID_JSONATA_EXPRESSION: Unexpected end of expression at /States/A/Output'",
            refused.Message
        );
    }
}
