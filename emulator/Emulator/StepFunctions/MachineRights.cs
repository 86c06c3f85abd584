using Disa.Emulator.Aws;

namespace Disa.Emulator.StepFunctions;

/// <summary>The rights that Step Functions' operations need, on the state machine or the execution.</summary>
/// <remarks>https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html</remarks>
internal static class MachineRights
{
    public const string Service = "states.amazonaws.com";

    public static IReadOnlyList<Access>? Of(string operation, object request, Caller caller) => request switch
    {
        ListStateMachinesRequest or ValidateStateMachineDefinitionRequest or SendTaskSuccessRequest or SendTaskFailureRequest or SendTaskHeartbeatRequest =>
            [new("states:" + operation, "*")],
        CreateStateMachineRequest create => [On(operation, StateMachines.ArnOf(caller.Scope, create.Name ?? "")), .. Passed(create.RoleArn)],
        UpdateStateMachineRequest update => [On(operation, update.StateMachineArn), .. Passed(update.RoleArn)],
        DeleteStateMachineRequest one => [On(operation, one.StateMachineArn)],
        DescribeStateMachineRequest one => [On(operation, one.StateMachineArn)],
        ListExecutionsRequest one => [On(operation, one.StateMachineArn)],
        StartExecutionRequest one => [On(operation, one.StateMachineArn)],
        StartSyncExecutionRequest one => [On(operation, one.StateMachineArn)],
        DescribeExecutionRequest one => [On(operation, one.ExecutionArn)],
        DescribeStateMachineForExecutionRequest one => [On(operation, one.ExecutionArn)],
        GetExecutionHistoryRequest one => [On(operation, one.ExecutionArn)],
        StopExecutionRequest one => [On(operation, one.ExecutionArn)],
        TagResourceRequest one => [On(operation, one.ResourceArn)],
        UntagResourceRequest one => [On(operation, one.ResourceArn)],
        ListTagsForResourceRequest one => [On(operation, one.ResourceArn)],
        _ => null,
    };

    private static Access On(string operation, string? arn) => new("states:" + operation, arn ?? "");

    private static Access[] Passed(string? role) => role is null ? [] : [Access.PassRole(role, Service)];
}
