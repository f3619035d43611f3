resource "aws_api_gateway_rest_api" "payments" {
  name = "payments"

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "aws_api_gateway_resource" "charge" {
  rest_api_id = aws_api_gateway_rest_api.payments.id
  parent_id   = aws_api_gateway_rest_api.payments.root_resource_id
  path_part   = "charge"
}

resource "aws_api_gateway_method" "charge" {
  rest_api_id   = aws_api_gateway_rest_api.payments.id
  resource_id   = aws_api_gateway_resource.charge.id
  http_method   = "POST"
  authorization = "AWS_IAM"
}
