resource "aws_api_gateway_rest_api" "api" {
  name = "api"

  policy = <<-EOT
    {
                "Version": "2012-10-17",
                "Statement": [
                            {
                                        "Effect": "Allow",
                                        "Principal": {
                                                    "AWS": [
                                                                "arn:aws:iam::111122223333:role/service-000/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-001/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-002/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-003/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-004/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-005/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-006/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-007/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-008/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-009/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-010/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-011/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-012/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-013/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-014/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-015/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-016/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-017/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-018/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-019/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-020/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-021/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-022/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-023/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-024/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-025/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-026/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-027/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-028/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-029/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-030/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-031/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-032/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-033/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-034/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-035/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-036/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-037/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-038/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-039/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-040/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-041/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-042/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-043/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-044/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-045/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-046/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-047/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-048/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-049/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-050/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-051/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-052/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-053/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-054/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-055/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-056/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-057/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-058/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-059/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-060/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-061/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-062/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-063/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-064/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-065/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-066/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-067/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-068/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-069/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-070/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-071/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-072/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-073/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-074/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-075/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-076/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-077/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-078/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-079/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-080/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-081/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-082/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-083/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-084/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-085/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-086/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-087/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-088/order-worker-with-a-long-name",
                                                                "arn:aws:iam::111122223333:role/service-089/order-worker-with-a-long-name"
                                                    ]
                                        },
                                        "Action": "execute-api:Invoke",
                                        "Resource": "execute-api:/*"
                            }
                ]
    }
  EOT

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "aws_api_gateway_method" "get" {
  rest_api_id   = aws_api_gateway_rest_api.api.id
  resource_id   = aws_api_gateway_rest_api.api.root_resource_id
  http_method   = "GET"
  authorization = "AWS_IAM"
}
