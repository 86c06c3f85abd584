using Disa.Emulator.Rooms;

namespace Disa.Emulator.Lambda;

/// <summary>What Lambda has and this room does not (https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html).</summary>
internal static class UndoneOperations
{
    public static readonly IReadOnlyList<UndoneOperation> All = UndoneOperation.Parse(
        """
        POST /2014-11-13/functions/{FunctionName}/invoke-async InvokeAsync
        POST /2021-11-15/functions/{FunctionName}/response-streaming-invocations InvokeWithResponseStream
        GET /2025-11-30/capacity-providers ListCapacityProviders
        POST /2025-11-30/capacity-providers CreateCapacityProvider
        GET /2025-11-30/capacity-providers/{CapacityProviderName} GetCapacityProvider
        PUT /2025-11-30/capacity-providers/{CapacityProviderName} UpdateCapacityProvider
        DELETE /2025-11-30/capacity-providers/{CapacityProviderName} DeleteCapacityProvider
        GET /2025-11-30/capacity-providers/{CapacityProviderName}/function-versions ListFunctionVersionsByCapacityProvider
        GET /2025-11-30/functions/{FunctionName}/function-scaling-config GetFunctionScalingConfig
        PUT /2025-11-30/functions/{FunctionName}/function-scaling-config PutFunctionScalingConfig
        POST /2025-12-01/durable-execution-callbacks/{CallbackId}/fail SendDurableExecutionCallbackFailure
        POST /2025-12-01/durable-execution-callbacks/{CallbackId}/heartbeat SendDurableExecutionCallbackHeartbeat
        POST /2025-12-01/durable-execution-callbacks/{CallbackId}/succeed SendDurableExecutionCallbackSuccess
        GET /2025-12-01/durable-executions/{DurableExecutionArn} GetDurableExecution
        POST /2025-12-01/durable-executions/{DurableExecutionArn}/checkpoint CheckpointDurableExecution
        GET /2025-12-01/durable-executions/{DurableExecutionArn}/history GetDurableExecutionHistory
        GET /2025-12-01/durable-executions/{DurableExecutionArn}/state GetDurableExecutionState
        POST /2025-12-01/durable-executions/{DurableExecutionArn}/stop StopDurableExecution
        GET /2025-12-01/functions/{FunctionName}/durable-executions ListDurableExecutionsByFunction
        """
    );
}
