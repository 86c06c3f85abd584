namespace Disa.Asl.Tests;

public sealed class ValidationTests
{
    private const string Task = """ "Type":"Task","Resource":"arn:aws:states:::lambda:invoke","End":true """;

    [Theory]
    [InlineData("", "SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object")]
    [InlineData("[]", "SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object")]
    [InlineData("{}", "SCHEMA_VALIDATION_FAILED: These fields are required: [States, StartAt] at /")]
    [InlineData("""{"States":{"A":{"Type":"Succeed"}}}""", "SCHEMA_VALIDATION_FAILED: These fields are required: [StartAt] at /")]
    [InlineData("""{"StartAt":"B","States":{"A":{"Type":"Succeed"}}}""", "MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /StartAt")]
    [InlineData(
        """{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"}}}""",
        "MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /States/A/Next"
    )]
    [InlineData(
        """{"StartAt":"A","States":{"A":{"Type":"Succeed"},"B":{"Type":"Succeed"}}}""",
        "MISSING_TRANSITION_TARGET: State \"B\" is not reachable. at /States/B"
    )]
    [InlineData(
        """{"StartAt":"A","States":{"A":{"Type":"Nope"}}}""",
        "SCHEMA_VALIDATION_FAILED: The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map] at /States/A/Type"
    )]
    [InlineData(
        """{"StartAt":"A","States":{"A":{"Type":"Pass"}}}""",
        "SCHEMA_VALIDATION_FAILED: One of these fields is required: [Next, End] at /States/A"
    )]
    [InlineData(
        """{"StartAt":"A","States":{"A":{"Type":"Pass","End":true,"Resource":"x"}}}""",
        "SCHEMA_VALIDATION_FAILED: Field 'Resource' is not supported at /States/A"
    )]
    [InlineData(
        """{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"nope","End":true}}}""",
        "SCHEMA_VALIDATION_FAILED: Value is not a valid resource ARN at /States/A/Resource"
    )]
    [InlineData(
        """{"StartAt":"A","States":{"A":{"Type":"Pass","ResultPath":"$..a","End":true}}}""",
        "SCHEMA_VALIDATION_FAILED: Value is not a Reference Path at /States/A/ResultPath"
    )]
    [InlineData(
        """{"StartAt":"A","States":{"A":{"Type":"Pass","InputPath":"a","End":true}}}""",
        "SCHEMA_VALIDATION_FAILED: Value is not a valid JSONPath at /States/A/InputPath"
    )]
    [InlineData(
        """{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"a.$":"b"},"End":true}}}""",
        "SCHEMA_VALIDATION_FAILED: The value for the field 'a.$' must be a valid JSONPath or a valid intrinsic function call at /States/A/Parameters"
    )]
    [InlineData(
        """{"StartAt":"A","States":{"A":{"Type":"Wait","End":true}}}""",
        "SCHEMA_VALIDATION_FAILED: Exactly one of these fields is required: [Seconds, SecondsPath, Timestamp, TimestampPath] at /States/A"
    )]
    [InlineData(
        """{"StartAt":"A","TimeoutSeconds":"x","States":{"A":{"Type":"Succeed"}}}""",
        "SCHEMA_VALIDATION_FAILED: Expected value of type Integer at /TimeoutSeconds"
    )]
    [InlineData(
        """{"StartAt":"M","States":{"M":{"Type":"Map","End":true,"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED"},"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}}}}""",
        "SCHEMA_VALIDATION_FAILED: These fields are required: [ExecutionType] at /States/M/ItemProcessor/ProcessorConfig"
    )]
    [InlineData(
        """{"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"P"}}}]}}}""",
        "MISSING_TRANSITION_TARGET: Missing 'Next' target: P at /States/P/Branches[0]/States/A/Next"
    )]
    [InlineData(
        """{"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[{"StartAt":"P","States":{"P":{"Type":"Succeed"}}}]}}}""",
        "DUPLICATE_STATE_NAME: Duplicate State name: P at /States/P/Branches[0]/States/P"
    )]
    public void Says_what_is_wrong_and_where(string definition, string expected)
    {
        Assert.Null(StateMachine.TryParse(definition, out var diagnostics));
        Assert.Contains(expected, diagnostics.Select(d => d.ToString()));
    }

    [Theory]
    [InlineData(
        """ "Retry":[{"ErrorEquals":["States.ALL","X"]}] """,
        "States.ALL must appear alone in the ErrorEquals array",
        "Retry[0]/ErrorEquals"
    )]
    [InlineData(
        """ "Retry":[{"ErrorEquals":["States.ALL"]},{"ErrorEquals":["X"]}] """,
        "States.ALL must appear in the last rule",
        "Retry[0]/ErrorEquals"
    )]
    [InlineData(""" "Retry":[{"ErrorEquals":["X"],"BackoffRate":0.5}] """, "The value must be at least 1.0", "Retry[0]/BackoffRate")]
    [InlineData(""" "Retry":[{"MaxAttempts":1}] """, "These fields are required: [ErrorEquals]", "Retry[0]")]
    [InlineData(""" "Retry":[1] """, "Expected value of type Object", "Retry[0]")]
    [InlineData(
        """ "Retry":[{"ErrorEquals":["X"],"JitterStrategy":"HALF"}] """,
        "Value must be one of: [FULL, NONE]",
        "Retry[0]/JitterStrategy"
    )]
    [InlineData(
        """ "Retry":[{"ErrorEquals":["X"],"IntervalSeconds":2,"MaxDelaySeconds":2}] """,
        "MaxDelaySeconds must be greater than IntervalSeconds",
        "Retry[0]/MaxDelaySeconds"
    )]
    [InlineData(""" "Retry":[{"ErrorEquals":["X"],"Nope":1}] """, "Field 'Nope' is not supported", "Retry[0]")]
    [InlineData(""" "Catch":[{"ErrorEquals":["X"]}] """, "These fields are required: [Next]", "Catch[0]")]
    [InlineData(""" "Catch":["X"] """, "Expected value of type Object", "Catch[0]")]
    [InlineData(""" "Catch":[{"ErrorEquals":["X"],"Next":"A","Nope":1}] """, "Field 'Nope' is not supported", "Catch[0]")]
    [InlineData(
        """ "Catch":[{"ErrorEquals":["X"],"Next":"A","ResultPath":"$..a"}] """,
        "Value is not a Reference Path",
        "Catch[0]/ResultPath"
    )]
    [InlineData(
        """ "Catch":[{"ErrorEquals":["X"],"Next":"A","Output":1}] """,
        "The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' QueryLanguage",
        "Catch[0]"
    )]
    [InlineData(""" "TimeoutSeconds":5,"HeartbeatSeconds":5 """, "HeartbeatSeconds must be less than TimeoutSeconds", "HeartbeatSeconds")]
    [InlineData(
        """ "TimeoutSeconds":5,"TimeoutSecondsPath":"$.t" """,
        "Only one of these fields is allowed: [TimeoutSeconds, TimeoutSecondsPath]",
        null
    )]
    [InlineData(""" "Credentials":{} """, "These fields are required: [RoleArn]", "Credentials")]
    public void Says_what_is_wrong_with_a_task(string fields, string message, string? field)
    {
        Assert.Null(StateMachine.TryParse("{\"StartAt\":\"A\",\"States\":{\"A\":{" + Task + "," + fields + "}}}", out var diagnostics));
        Assert.Contains((message, field is null ? "/States/A" : $"/States/A/{field}"), diagnostics.Select(d => (d.Message, d.Location)));
    }

    [Fact]
    public void What_is_no_JSON_is_found_by_line_and_column()
    {
        Assert.Null(StateMachine.TryParse("{\n  nope", out var diagnostics));
        var only = Assert.Single(diagnostics);
        Assert.Equal("INVALID_JSON_DESCRIPTION", only.Code);
        const string place = "[Source: (String)\"{\n  nope\"; line: 2, column: 7]";
        Assert.Equal(place, only.Location);
        Assert.Equal(
            $"Unrecognized token 'nope': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')\n at {place}",
            only.Message
        );
    }

    [Theory]
    [InlineData("States.ALL", "X", true)]
    [InlineData("States.ALL", "States.Timeout", true)]
    [InlineData("States.ALL", "States.DataLimitExceeded", true)]
    [InlineData("States.ALL", "States.Runtime", false)]
    [InlineData("States.Runtime", "States.Runtime", false)]
    [InlineData("States.DataLimitExceeded", "States.DataLimitExceeded", true)]
    [InlineData("States.TaskFailed", "X", true)]
    [InlineData("States.TaskFailed", "States.Timeout", false)]
    [InlineData("X", "X", true)]
    [InlineData("X", "Y", false)]
    public void Errors_match_as_AWS_matches_them(string name, string error, bool expected) =>
        Assert.Equal(expected, new WorkflowError(error, null).Matches(name));
}
