using Disa.Emulator.Aws;
using Disa.Emulator.Policies;
using Disa.Emulator.StepFunctions.MapRuns;

namespace Disa.Emulator.StepFunctions;

/// <summary>The rights that Step Functions' operations need, on the state machine or the execution.</summary>
/// <remarks>https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html</remarks>
internal sealed class MachineRights(StateMachines machines)
{
    public const string Service = "states.amazonaws.com";

    public IReadOnlyList<Access>? Of(string operation, object request, Caller caller) =>
        request switch
        {
            ListStateMachinesRequest
            or ListActivitiesRequest
            or ValidateStateMachineDefinitionRequest
            or SendTaskSuccessRequest
            or SendTaskFailureRequest
            or SendTaskHeartbeatRequest => [new("states:" + operation, "*")],
            TestStateRequest test => [new("states:TestState", "*"), .. Passed(test.RoleArn)],
            CreateStateMachineRequest create =>
            [
                On(operation, StateMachines.ArnOf(caller.Scope, create.Name ?? "")).Tagged(null, Pairs(create.Tags)),
                .. Published(create.Publish, StateMachines.ArnOf(caller.Scope, create.Name ?? "")),
                .. Passed(create.RoleArn),
            ],
            CreateActivityRequest create =>
            [
                On(operation, Activities.ArnOf(caller.Scope, create.Name ?? "")).Tagged(null, Pairs(create.Tags)),
            ],
            DeleteActivityRequest one => [On(operation, one.ActivityArn)],
            DescribeActivityRequest one => [On(operation, one.ActivityArn)],
            GetActivityTaskRequest one => [On(operation, one.ActivityArn)],
            UpdateStateMachineRequest update =>
            [
                On(operation, update.StateMachineArn),
                .. Published(update.Publish, update.StateMachineArn),
                .. Passed(update.RoleArn),
            ],
            DeleteStateMachineRequest one => [On(operation, one.StateMachineArn)],
            PublishStateMachineVersionRequest one => [On(operation, one.StateMachineArn)],
            ListStateMachineVersionsRequest one => [On(operation, one.StateMachineArn)],
            DeleteStateMachineVersionRequest one => [On(operation, one.StateMachineVersionArn)],
            CreateStateMachineAliasRequest create => [On(operation, AliasOf(create))],
            UpdateStateMachineAliasRequest one => [On(operation, one.StateMachineAliasArn)],
            DescribeStateMachineAliasRequest one => [On(operation, one.StateMachineAliasArn)],
            ListStateMachineAliasesRequest one => [On(operation, one.StateMachineArn)],
            DeleteStateMachineAliasRequest one => [On(operation, one.StateMachineAliasArn)],
            DescribeStateMachineRequest one => [On(operation, one.StateMachineArn)],
            ListExecutionsRequest one => [On(operation, one.StateMachineArn ?? one.MapRunArn)],
            RedriveExecutionRequest one => [On(operation, one.ExecutionArn)],
            ListMapRunsRequest one => [On(operation, one.ExecutionArn)],
            DescribeMapRunRequest one => [On(operation, one.MapRunArn)],
            UpdateMapRunRequest one => [On(operation, one.MapRunArn)],
            StartExecutionRequest one => [On(operation, one.StateMachineArn)],
            StartSyncExecutionRequest one => [On(operation, one.StateMachineArn)],
            DescribeExecutionRequest one => [On(operation, one.ExecutionArn)],
            DescribeStateMachineForExecutionRequest one => [On(operation, one.ExecutionArn)],
            GetExecutionHistoryRequest one => [On(operation, one.ExecutionArn)],
            StopExecutionRequest one => [On(operation, one.ExecutionArn)],
            TagResourceRequest one => [On(operation, one.ResourceArn).Tagged(null, Pairs(one.Tags))],
            UntagResourceRequest one => [On(operation, one.ResourceArn)],
            ListTagsForResourceRequest one => [On(operation, one.ResourceArn)],
            _ => null,
        };

    private Access On(string operation, string? arn) => new Access("states:" + operation, arn ?? "").Tagged(Pairs(TagsOf(arn)));

    /// <summary>The alias of the machine that its first version is of.</summary>
    private static string? AliasOf(CreateStateMachineAliasRequest create) =>
        create.RoutingConfiguration is [{ StateMachineVersionArn: { } version }, ..] && version.LastIndexOf(':') is > 0 and var end
            ? StateMachines.Qualified(version[..end], create.Name ?? "")
            : null;

    private IEnumerable<Access> Published(bool? publish, string? arn) => publish == true ? [On("PublishStateMachineVersion", arn)] : [];

    /// <summary>Executions have none.</summary>
    private IReadOnlyList<Tag>? TagsOf(string? arn)
    {
        try
        {
            return arn is not null && arn.Contains(":stateMachine:", StringComparison.Ordinal) ? machines.Get(arn)?.Tags : null;
        }
        catch (AwsException)
        {
            return null;
        }
    }

    private static IEnumerable<(string, string)>? Pairs(IEnumerable<Tag>? tags) => tags?.Select(tag => (tag.Key ?? "", tag.Value ?? ""));

    private static Access[] Passed(string? role) => role is null ? [] : [Access.PassRole(role, Service)];
}
