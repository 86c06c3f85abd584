using Amazon.Runtime;
using Amazon.StepFunctions.Model;
using Disa.AwsClients.Wire;

namespace Amazon.StepFunctions;

/// <summary>Where SFN is and how it is called.</summary>
public sealed class AmazonStepFunctionsConfig() : ServiceConfig("SFN", "states", "2016-11-23");

/// <summary>A client of SFN, for the operations that Disa calls.</summary>
public class AmazonStepFunctionsClient : ServiceClient
{
    private static readonly JsonWire Wire = new("Amazon.StepFunctions", "AWSStepFunctions", "1.0", AmazonStepFunctionsException.Of);

    private static readonly Operation<StartExecutionRequest, StartExecutionResponse> StartExecutionOperation = Wire.Operation(
        "StartExecution",
        StepFunctionsJson.Default.StartExecutionRequest,
        StepFunctionsJson.Default.StartExecutionResponse
    );

    private static readonly Operation<DescribeExecutionRequest, DescribeExecutionResponse> DescribeExecutionOperation = Wire.Operation(
        "DescribeExecution",
        StepFunctionsJson.Default.DescribeExecutionRequest,
        StepFunctionsJson.Default.DescribeExecutionResponse
    );

    private static readonly Operation<ListExecutionsRequest, ListExecutionsResponse> ListExecutionsOperation = Wire.Operation(
        "ListExecutions",
        StepFunctionsJson.Default.ListExecutionsRequest,
        StepFunctionsJson.Default.ListExecutionsResponse
    );

    private static readonly Operation<GetExecutionHistoryRequest, GetExecutionHistoryResponse> GetExecutionHistoryOperation =
        Wire.Operation(
            "GetExecutionHistory",
            StepFunctionsJson.Default.GetExecutionHistoryRequest,
            StepFunctionsJson.Default.GetExecutionHistoryResponse
        );

    private static readonly Operation<DescribeStateMachineRequest, DescribeStateMachineResponse> DescribeStateMachineOperation =
        Wire.Operation(
            "DescribeStateMachine",
            StepFunctionsJson.Default.DescribeStateMachineRequest,
            StepFunctionsJson.Default.DescribeStateMachineResponse
        );

    private static readonly Operation<
        DescribeStateMachineForExecutionRequest,
        DescribeStateMachineForExecutionResponse
    > DescribeStateMachineForExecutionOperation = Wire.Operation(
        "DescribeStateMachineForExecution",
        StepFunctionsJson.Default.DescribeStateMachineForExecutionRequest,
        StepFunctionsJson.Default.DescribeStateMachineForExecutionResponse
    );

    private static readonly Operation<ListStateMachinesRequest, ListStateMachinesResponse> ListStateMachinesOperation = Wire.Operation(
        "ListStateMachines",
        StepFunctionsJson.Default.ListStateMachinesRequest,
        StepFunctionsJson.Default.ListStateMachinesResponse
    );

    public AmazonStepFunctionsClient()
        : this(new AmazonStepFunctionsConfig()) { }

    public AmazonStepFunctionsClient(AmazonStepFunctionsConfig config)
        : base(config) { }

    public AmazonStepFunctionsClient(AWSCredentials credentials, AmazonStepFunctionsConfig config)
        : base(credentials, config) { }

    public virtual Task<StartExecutionResponse> StartExecutionAsync(
        StartExecutionRequest request,
        CancellationToken cancellationToken = default
    ) => Call(StartExecutionOperation, request, cancellationToken);

    public virtual Task<DescribeExecutionResponse> DescribeExecutionAsync(
        DescribeExecutionRequest request,
        CancellationToken cancellationToken = default
    ) => Call(DescribeExecutionOperation, request, cancellationToken);

    public virtual Task<ListExecutionsResponse> ListExecutionsAsync(
        ListExecutionsRequest request,
        CancellationToken cancellationToken = default
    ) => Call(ListExecutionsOperation, request, cancellationToken);

    public virtual Task<GetExecutionHistoryResponse> GetExecutionHistoryAsync(
        GetExecutionHistoryRequest request,
        CancellationToken cancellationToken = default
    ) => Call(GetExecutionHistoryOperation, request, cancellationToken);

    public virtual Task<DescribeStateMachineResponse> DescribeStateMachineAsync(
        DescribeStateMachineRequest request,
        CancellationToken cancellationToken = default
    ) => Call(DescribeStateMachineOperation, request, cancellationToken);

    public virtual Task<DescribeStateMachineForExecutionResponse> DescribeStateMachineForExecutionAsync(
        DescribeStateMachineForExecutionRequest request,
        CancellationToken cancellationToken = default
    ) => Call(DescribeStateMachineForExecutionOperation, request, cancellationToken);

    public virtual Task<ListStateMachinesResponse> ListStateMachinesAsync(
        ListStateMachinesRequest request,
        CancellationToken cancellationToken = default
    ) => Call(ListStateMachinesOperation, request, cancellationToken);
}
