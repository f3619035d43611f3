resource "aws_api_gateway_rest_api" "orders" { # expect: private-api-no-policy medium at "orders"
  name = "orders"
  endpoint_configuration { types = ["PRIVATE"] }
}

resource "aws_api_gateway_method" "get" {
  rest_api_id   = aws_api_gateway_rest_api.orders.id
  resource_id   = aws_api_gateway_rest_api.orders.root_resource_id
  http_method   = "GET"
  authorization = "AWS_IAM"
}
